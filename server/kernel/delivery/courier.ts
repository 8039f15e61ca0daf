import { contextOf, kernelContext, lensOf, memberFacts, type Context } from '#kernel/access'
import { getRecords } from '#kernel/records'
import { type NoticeSettings, STANDARD_NOTICES } from '#language/definitions'
import { afterQuiet, dayOf, nextDaily, type NoticeKind, type Workplace } from '#language/values'
import type { Database, Tenant, Tx } from '#platform/db'
import { digestLetter, letterOf, type Addresses } from './letters.ts'
import { showKept } from './kept-back.ts'
import { post } from './outbox.ts'
import type { OutboxDraft } from './types.ts'

export type { Addresses }

interface Reader { id: number; name: string; email: string | null; active: boolean; settings: NoticeSettings | null }
export interface Told { id: number; member: number; family: NoticeKind; title: string; body: string | null; object: string | null; record: string | null; at: Date }

const TAKEN = 200
const SHOWN = 500

/**
 * Leaves mail for members who want some: what they are told, out of their quiet hours, and once a day what they have not read.
 * What is quiet now waits and is never dropped; what was kept back until now is shown first. Any number of processes at once: a row is taken and left, or put off, in one transaction.
 * Answers how many it looked at.
 */
export async function carryMail(db: Pick<Database, 'mutate'>, tenant: Tenant, addresses: Addresses): Promise<number> {
  return db.mutate(tenant, async (tx) => {
    const shown = await showKept(tx)
    const [due, daily] = [await takeDue(tx), await takeDaily(tx)]
    if (due.length + daily.length === 0) return shown
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'mail' }, { kind: 'timer' })
    const readers = await readersOf(tx, [...due.map(({ member }) => member), ...daily.map(({ member }) => member)])
    const letters = [...(await told({ ctx, readers, addresses }, due)), ...(await digests({ ctx, readers, addresses }, daily))]
    await post(tx, letters)
    return shown + due.length + daily.length
  })
}

/** Rows that may leave by the tenant's clock, oldest first; whoever holds one carries it. */
const takeDue = (tx: Tx): Promise<Told[]> => tx.query<Told>(`update {t}.notification set mail_at = null
  where id = any(array(select id from {t}.notification where mail_at <= $1 order by mail_at, id limit ${TAKEN} for update skip locked)) returning id, member, family, title, body, object, record, at`, [tx.now], { name: 'mail due' })

interface Daily { member: number; due: Date }

const takeDaily = (tx: Tx): Promise<Daily[]> =>
  tx.query<Daily>(`select member, digest_at as due from {t}.notice_setting where digest_at <= $1 order by member limit ${TAKEN} for update skip locked`, [tx.now], { name: 'digest due' })

async function readersOf(tx: Tx, members: readonly number[]): Promise<Map<number, Reader>> {
  const rows = await tx.query<Reader>(`select m.id, m.name, m.email, m.state = 'active' as active, s.settings from {t}.member m left join {t}.notice_setting s on s.member = m.id where m.id = any($1::int[])`, [[...new Set(members)]], { name: 'mail readers' })
  return new Map(rows.map((row) => [row.id, row]))
}

interface Round { ctx: Context; readers: ReadonlyMap<number, Reader>; addresses: Addresses }

/** One letter per member for all that came; nothing for those who cannot be written to or no longer want it. */
async function told({ ctx, readers, addresses }: Round, due: readonly Told[]): Promise<OutboxDraft[]> {
  const letters: OutboxDraft[] = []
  for (const [member, theirs] of Map.groupBy(due, (each) => each.member)) {
    const reader = readers.get(member)
    const wanted = theirs.filter(({ family }) => reader?.settings?.kinds[family]?.mail).sort((a, b) => a.id - b.id)
    if (!reader || !reachable(reader) || wanted.length === 0) continue
    const { quiet, zone } = reader.settings ?? STANDARD_NOTICES
    const free = afterQuiet(ctx.now.getTime(), quiet, placeOf(ctx, zone))
    if (free > ctx.now.getTime()) { await putOff(ctx.tx, wanted, new Date(free)); continue }
    const seen = await withTheirEyes(ctx, member, wanted)
    if (seen.length > 0) letters.push({ channel: 'email', key: `notices:${member}:${seen.at(-1)!.id}`, body: letterOf({ to: reader.email!, name: reader.name }, seen, addresses), event: null, rule: null })
  }
  return letters
}

const putOff = (tx: Tx, notices: readonly Told[], until: Date) => tx.query('update {t}.notification set mail_at = $2 where id = any($1::bigint[])', [notices.map(({ id }) => id), until], { name: 'mail put off' })

const reachable = ({ active, email }: Reader): boolean => active && email !== null

const placeOf = ({ tenant, metadata }: Context, zone: string | null): Workplace => ({ zone: zone ?? tenant.zone, calendar: metadata.calendar })

/** One letter with what is unread; none when everything is read. The next one is set for another day. */
async function digests({ ctx, readers, addresses }: Round, daily: readonly Daily[]): Promise<OutboxDraft[]> {
  const letters: OutboxDraft[] = []
  for (const { member, due } of daily) {
    const reader = readers.get(member)
    const settings = reader?.settings
    const place = placeOf(ctx, settings?.zone ?? null)
    const now = ctx.now.getTime()
    const free = settings ? afterQuiet(now, settings.quiet, place) : now
    const next = !settings?.digest.on ? null : free > now ? free : nextDaily(now, settings.digest.at, { quiet: settings.quiet, place, lastDue: due.getTime() })
    await ctx.tx.query('update {t}.notice_setting set digest_at = $2 where member = $1', [member, next === null ? null : new Date(next)], { name: 'next digest' })
    if (!reader || next === null || free > now || !reachable(reader)) continue
    const seen = await withTheirEyes(ctx, member, await unreadOf(ctx.tx, member))
    if (seen.length > 0) letters.push({ channel: 'email', key: `digest:${member}:${dayOf(due.getTime(), place.zone)}`, body: digestLetter({ to: reader.email!, name: reader.name }, seen, addresses), event: null, rule: null })
  }
  return letters
}

const unreadOf = (tx: Tx, member: number): Promise<Told[]> =>
  tx.query<Told>(`select id, member, family, title, body, object, record, at from {t}.notification where member = $1 and shown and read_at is null order by id desc limit ${SHOWN}`, [member], { name: 'digest unread' })

/** Without what is about records that the member may not read any more. */
async function withTheirEyes(kernel: Context, member: number, notices: readonly Told[]): Promise<Told[]> {
  const facts = await memberFacts(kernel.tx, member)
  if (!facts) return []
  const ctx = await contextOf(kernel.tx, { principal: { kind: 'member', member: facts }, actor: kernel.actor, cause: kernel.cause })
  const objects = [...Map.groupBy(notices.filter(({ record }) => record !== null), ({ object }) => object!)].filter(([object]) => ctx.metadata.objects.has(object) && lensOf(ctx, object).can('read'))
  const seen = new Set<string>()
  for (const [object, theirs] of objects) for (const { id } of await getRecords(ctx, object, [...new Set(theirs.map(({ record }) => record!))], [])) seen.add(id)
  return notices.filter(({ record }) => record === null || seen.has(record))
}
