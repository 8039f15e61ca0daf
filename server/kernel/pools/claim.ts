import { refuse, refused, type Refusal } from '#contract'
import { KERNEL, type Context } from '#kernel/access'
import { actOf, type Intent, lockCapacity, lockRecords, type Pool, type RecordImage, write, type Written } from '#kernel/records'
import type { Pooling } from '#language/definitions'
import { durationMs } from '#language/values'
import { claimedToday, held } from './limits.ts'
import { openPool } from './sight.ts'

export interface Claiming { object: string; pool: string; ids: readonly string[] }
export interface Claimed { written: Written[]; refused: { id: string; refusal: Refusal }[] }

/**
 * Take records out of a pool, for oneself, in the order named: as many as the limits allow, the rest is named with its reason.
 * Locks the member's load, then the records, each for two seconds at most (then 55P03): no limit is passed and nothing is taken twice.
 * Refused NOT_FOUND (pool), FORBIDDEN. Ten statements at most, whatever the number of records.
 */
export async function claim(ctx: Context, { object, pool: id, ids }: Claiming): Promise<Claimed> {
  const { pooling, pool, claims } = await openPool(ctx, object, id)
  const me = ctx.principal.kind === 'member' && claims ? ctx.principal.member.id : refused('FORBIDDEN')
  await lockLoad(ctx, object, me)
  const images = await lockRecords(ctx, object, ids)
  const standing: Standing = { pooling, pool, today: (await claimedToday(ctx, object)).get(pool.id) ?? 0, held: await held(ctx, object), cooling: await coolingOff(ctx, pooling, { me, ids }) }
  const { taken, refusals } = decide(ctx, standing, ids.map((each) => ({ id: each, image: images.get(each) })))
  const values = pooling.claim
  const intents = taken.map((each): Intent => ({ op: 'update', object, id: each, owner: me, values }))
  const result = intents.length === 0 ? { ok: true as const, written: [] } : await write({ ...ctx, principal: KERNEL }, intents, { acts: [{ ...actOf(ctx), reason: pool.name }], locked: images })
  if (!result.ok) throw new Error(`A claim was refused: ${result.refusals[0]!.refusal.code}`)
  return { written: result.written, refused: refusals }
}

/** A load that is not there cannot be locked: it is made first, so that one member's claims stand in line from the first one on. */
async function lockLoad(ctx: Context, object: string, me: number): Promise<void> {
  const kind = ctx.metadata.objects.get(object)!.load?.kind ?? 'claim'
  await ctx.tx.query('insert into {t}.member_load (member, kind, "limit") select id, $2, capacity from {t}.member where id = $1 on conflict do nothing', [me, kind], { name: 'make load' })
  await lockCapacity(ctx, [me])
}

/** Records that this member gave up or lost within the cooling-off time, and until when. */
async function coolingOff({ tx, now }: Context, { coolOff, object }: Pooling, { me, ids }: { me: number; ids: readonly string[] }): Promise<Map<string, Date>> {
  const length = durationMs(coolOff)
  const rows = await tx.query<{ record: string; at: Date }>('select record, max(opened_at) as at from {t}.pool_stay where record = any($1::uuid[]) and object = $2 and left_by = $3 and opened_at > $4 group by record', [ids, object, me, new Date(now.getTime() - length)], { name: 'cooling off' })
  return new Map(rows.map(({ record, at }) => [record, new Date(at.getTime() + length)]))
}

interface Standing { pooling: Pooling; pool: Pool; today: number; held: number; cooling: ReadonlyMap<string, Date> }

/** Which of them may be taken, in this order. Pure. */
function decide(ctx: Context, standing: Standing, wanted: readonly { id: string; image: RecordImage | undefined }[]) {
  const [taken, refusals]: [string[], Claimed['refused']] = [[], []]
  for (const { id, image } of wanted) {
    const refusal = judge(ctx, standing, image, taken.length)
    if (refusal) refusals.push({ id, refusal })
    else taken.push(id)
  }
  return { taken, refusals }
}

function judge(ctx: Context, { pooling, pool, today, held: holding, cooling }: Standing, image: RecordImage | undefined, before: number): Refusal | null {
  const lang = ctx.request?.lang ?? 'zh'
  if (!image || image.gone) return refuse('NOT_FOUND')
  if (image.owner !== null || image.values[pooling.field] !== pool.id) return refuse('POOL_TAKEN')
  const until = cooling.get(image.id)
  if (until) return refuse('POOL_COOLING', undefined, { until: dateTime(until, ctx.tenant.zone) })
  if (today + before >= pool.daily) return refuse('POOL_DAILY_LIMIT', undefined, { pool: pool.name, limit: pool.daily })
  const { plural, label } = ctx.metadata.objects.get(image.object)!
  if (holding + before >= pool.holding) return refuse('POOL_HOLDING_LIMIT', undefined, { object: (plural ?? label)[lang], limit: pool.holding })
  return null
}

const dateTime = (at: Date, timeZone: string): string => at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
