import { refused } from '#contract'
import { type Context, may, type MemberRow, memberRows, standInsOf } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import { type AbsenceKind, formatClock } from '#language/values'
import type { Tx } from '#platform/db'
import { differences, lockConfiguration, logEdit } from './log.ts'

export type AbsenceState = 'planned' | 'running' | 'over' | 'cancelled'
/** A time that a member is away; `to` is the first moment that they are back. `standIns` empty: whoever is above. */
export interface Absence { id: number; member: number; kind: AbsenceKind; from: Date; to: Date; standIns: number[]; state: AbsenceState }
export type AbsenceDraft = Omit<Absence, 'id' | 'state'>
/** Something about a new absence that its author should know: no hindrance. `who`: the member it is about. */
export interface AbsenceWarning { kind: 'stand_in_away' | 'stands_in' | 'above' | 'nobody'; who: number | null; from: Date | null; to: Date | null }

const COLUMNS = `id, member, kind, from_at as "from", to_at as "to", stand_ins as "standIns", state`
const OPEN = `state in ('planned', 'running')`
const LONGEST_MS = 366 * 86_400_000

/** Present and coming absences of everybody, by their beginning. One statement. */
export const openAbsences = ({ tx }: Pick<Context, 'tx'>): Promise<Absence[]> => tx.query<Absence>(`select ${COLUMNS} from {t}.absence where ${OPEN} order by from_at, id`)

/** Those whose absences this member may enter and know the reason of: themselves, everybody below them, or all. */
export async function absencesInHand(ctx: Context): Promise<Set<number>> {
  const members = await memberRows(ctx.tx)
  if (may(ctx, 'members')) return new Set(members.keys())
  const me = ctx.principal.kind === 'member' ? ctx.principal.member.id : 0
  const mine = new Set([me])
  for (const id of mine) for (const each of members.values()) if (each.supervisor === id) mine.add(each.id)
  return mine
}

/**
 * A new absence, in force from its first instant on, and at once where that has passed. Refused FORBIDDEN, NOT_FOUND, EVENT_ENDS_EARLY,
 * VALUE_INVALID (stand-ins who are not there to be asked, times that have passed), ABSENCE_OVERLAPS, STAND_IN_AWAY (all of the time).
 */
export async function enterAbsence(ctx: Context, draft: AbsenceDraft): Promise<Absence> {
  await lockConfiguration(ctx.tx)
  await checkAbsence(ctx, draft)
  const [made] = await ctx.tx.query<Absence>(`insert into {t}.absence (member, kind, from_at, to_at, stand_ins, state) values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
    [draft.member, draft.kind, draft.from, draft.to, draft.standIns, draft.from <= ctx.now ? 'running' : 'planned'])
  await logEdit(ctx, 'absence', made!.id, 'created', differences({}, logged(made!)))
  await bumpEpoch(ctx.tx)
  return made!
}

/** As enterAbsence without entering it: refuses what it would refuse, and says what it would bring. */
export async function checkAbsence(ctx: Context, { member, from, to, standIns }: AbsenceDraft): Promise<AbsenceWarning[]> {
  if (!(await absencesInHand(ctx)).has(member)) refused('FORBIDDEN')
  const members = await memberRows(ctx.tx)
  if (!members.get(member)?.active) refused('NOT_FOUND')
  if (to <= from) refused('EVENT_ENDS_EARLY', 'to')
  if (to <= ctx.now || to.getTime() - from.getTime() > LONGEST_MS) refused('VALUE_INVALID', 'to', { field: '结束时间', fieldEn: 'End', reason: '要晚于现在，最长一年', reasonEn: 'later than now, a year at most' })
  for (const id of standIns) if (id === member || !members.get(id)?.active) refused('VALUE_INVALID', 'standIns', { field: '代理人', fieldEn: 'Stand-in', reason: '要是另一位在职成员', reasonEn: 'another active member' })
  const crossing = (await openAbsences(ctx)).filter((each) => each.from < to && each.to > from)
  const own = crossing.find((each) => each.member === member)
  if (own) refused('ABSENCE_OVERLAPS', 'from', spoken(ctx, members, own))
  const gone = crossing.find((each) => standIns.includes(each.member) && each.from <= from && each.to >= to)
  if (gone) refused('STAND_IN_AWAY', 'standIns', spoken(ctx, members, gone))
  return warnings(members, { member, from, standIns }, crossing)
}

const spoken = ({ now, tenant: { zone } }: Context, members: ReadonlyMap<number, MemberRow>, { member, from, to }: Absence) =>
  ({ name: members.get(member)?.name ?? '', from: formatClock(from, now, zone), to: formatClock(to, now, zone) })

function warnings(members: ReadonlyMap<number, MemberRow>, { member, from, standIns }: Pick<AbsenceDraft, 'member' | 'from' | 'standIns'>, crossing: readonly Absence[]): AbsenceWarning[] {
  const away = crossing.filter((each) => standIns.includes(each.member)).map((each): AbsenceWarning => ({ kind: 'stand_in_away', who: each.member, from: each.from, to: each.to }))
  const asked = crossing.filter((each) => each.standIns.includes(member)).map((each): AbsenceWarning => ({ kind: 'stands_in', who: each.member, from: each.from, to: each.to }))
  if (standIns.length > 0) return [...away, ...asked]
  const planned = new Map([...members, [member, { ...members.get(member)!, away: [{ from: from.getTime(), to: Infinity, standIns: [] }] }]])
  const [above = null] = standInsOf(planned, member, from.getTime())
  return [{ kind: above === null ? 'nobody' : 'above', who: above, from: null, to: null }, ...asked]
}

/** An absence ended before its time, or called off before it began. Refused NOT_FOUND, FORBIDDEN, ABSENCE_OVER. */
export async function endAbsence(ctx: Context, id: number): Promise<Absence> {
  await lockConfiguration(ctx.tx)
  const [absence] = await ctx.tx.query<Absence>(`select ${COLUMNS} from {t}.absence where id = $1 for update`, [id])
  if (!absence) return refused('NOT_FOUND')
  if (!(await absencesInHand(ctx)).has(absence.member)) refused('FORBIDDEN')
  if (absence.state === 'over' || absence.state === 'cancelled') refused('ABSENCE_OVER')
  const ended = await close(ctx, absence)
  await bumpEpoch(ctx.tx)
  return ended
}

/** Whoever can no longer come in is not away either. The caller raises the epoch. */
export async function endAbsencesOf(ctx: Context, member: number): Promise<void> {
  for (const absence of await ctx.tx.query<Absence>(`select ${COLUMNS} from {t}.absence where member = $1 and ${OPEN} order by id for update`, [member])) await close(ctx, absence)
}

const close = (ctx: Context, absence: Absence): Promise<Absence> =>
  become(ctx, absence, absence.from > ctx.now ? { state: 'cancelled' } : { state: 'over', to: absence.to < ctx.now ? absence.to : ctx.now })

async function become(ctx: Context, absence: Absence, change: Partial<Pick<Absence, 'state' | 'to'>>): Promise<Absence> {
  const after = { ...absence, ...change }
  await ctx.tx.query('update {t}.absence set state = $2, to_at = $3 where id = $1', [absence.id, after.state, after.to])
  await logEdit(ctx, 'absence', absence.id, 'changed', differences(logged(absence), logged(after)))
  return after
}

const logged = ({ member, kind, from, to, standIns, state }: Absence) => ({ member, kind, from_at: from.toISOString(), to_at: to.toISOString(), stand_ins: standIns, state })

/** Whose time has come by the tenant's clock: absences that have begun, and those that are over, each as a change of its own. `standIns`: of then. */
export interface Turned { absence: Absence; standIns: number[] }

export async function turnAbsences(ctx: Context): Promise<{ began: Turned[]; over: Turned[] }> {
  if (!(await isDue(ctx.tx))) return { began: [], over: [] }
  await lockConfiguration(ctx.tx)
  const due = await ctx.tx.query<Absence>(`select ${COLUMNS} from {t}.absence where (state = 'planned' and from_at <= $1) or (${OPEN} and to_at <= $1) order by id for update`, [ctx.now])
  const members = await memberRows(ctx.tx)
  const [began, over]: [Turned[], Turned[]] = [[], []]
  for (const absence of due) {
    const ended = absence.to <= ctx.now
    const standIns = standInsOf(members, absence.member, ended ? absence.to.getTime() - 1 : ctx.now.getTime());
    (ended ? over : began).push({ absence: await become(ctx, absence, { state: ended ? 'over' : 'running' }), standIns })
  }
  await bumpEpoch(ctx.tx)
  return { began, over }
}

async function isDue(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ due: boolean }>(`select exists (select from {t}.absence where ${OPEN} and (to_at <= $1 or (state = 'planned' and from_at <= $1))) as due`, [tx.now], { name: 'absences due' })
  return row!.due
}
