import { refused } from '#contract'
import { type Context, memberRows, readableLens } from '#kernel/access'
import { listRecords } from '#kernel/records'
import { iso } from './presenting.ts'
import type { Some } from './types.ts'

const MOST = 100

/** Who is on duty now: whoever may read the rota may call those whom it names at this moment, and sees the phone at work of nobody else. */
export const duty: Some<'onDutyNow'> = {
  onDutyNow: async (ctx, { params: { object } }) => {
    const { shift } = ctx.metadata.objects.get(object) ?? refused('NOT_FOUND')
    if (!shift || !readableLens(ctx, object)) refused('NOT_FOUND')
    const at = iso(ctx.now)
    const { records } = await listRecords(ctx, object, { filter: { all: [{ field: shift!.from, op: 'le', value: at }, { field: shift!.to, op: 'gt', value: at }] }, fields: Object.values(shift!), limit: MOST })
    const rows = records.map(({ values }) => ({ member: values[shift!.member] as number, duty: (shift!.duty === undefined ? null : (values[shift!.duty] as string | null | undefined)) ?? null, from: String(values[shift!.from]), to: String(values[shift!.to]) }))
    const phones = await phonesOf(ctx, rows.map(({ member }) => member))
    return { rows: rows.filter(({ member }) => phones.has(member)).sort((a, b) => a.from.localeCompare(b.from)).map((row) => ({ ...row, phone: phones.get(row.member) ?? null })) }
  },
}

async function phonesOf(ctx: Context, ids: readonly number[]): Promise<Map<number, string | null>> {
  const members = await memberRows(ctx.tx)
  const rows = await ctx.tx.query<{ id: number; phone: string | null }>('select id, phone from {t}.member where id = any($1::int[])', [ids])
  return new Map(rows.filter(({ id }) => members.get(id)?.active).map(({ id, phone }) => [id, phone]))
}
