import fc from 'fast-check'
import type { ObjectAction, Role } from '#language/definitions'
import { Solution } from '#language/definitions'

const label = (text: string) => ({ zh: text, en: text })

/** A chain three deep, and notes that hang on any link of it: what hangs on what, by object. */
export const OBJECTS = ['account', 'deal', 'paper', 'note'] as const
export type Kind = (typeof OBJECTS)[number]
export const ACTIONS = ['read', 'edit', 'delete', 'export', 'transfer', 'share'] as const
export type Action = (typeof ACTIONS)[number]
const SCOPES = ['none', 'own', 'team', 'teamTree', 'all'] as const
type Width = (typeof SCOPES)[number]

export const CHAIN = Solution.parse({
  key: 'chain', label: label('链'), version: '1', activeRules: [],
  object: [
    { key: 'account', label: label('户'), title: 'name', fields: [{ key: 'name', label: label('名'), kind: 'text' }] },
    { key: 'deal', label: label('单'), title: 'name', scopeVia: 'account', fields: [{ key: 'name', label: label('名'), kind: 'text' }, { key: 'account', label: label('户'), kind: 'reference', to: 'account' }] },
    { key: 'paper', label: label('纸'), title: 'name', scopeVia: 'deal', fields: [{ key: 'name', label: label('名'), kind: 'text' }, { key: 'deal', label: label('单'), kind: 'reference', to: 'deal' }] },
    { key: 'note', label: label('记'), title: 'name', scopeVia: 'about', fields: [{ key: 'name', label: label('名'), kind: 'text' }, { key: 'about', label: label('关于'), kind: 'anyReference', to: ['account', 'deal', 'paper'] }] },
  ],
})

/** `only`: positions of the records that the role has at all; null: all of them. */
type Access = Partial<Record<ObjectAction, Width>> & { only: number[] | null }

export interface World {
  /** By position; `parent` and everything below are positions too, null where there is none. */
  teams: { parent: number | null; head: number | null }[]
  members: { team: number | null; further: number[]; roles: number[]; away: boolean; standIns: number[] }[]
  roles: Record<Kind, Access>[]
  records: { kind: Kind; owner: number | null; team: number | null; readers: number[]; writers: number[]; parent: number | null; gone: boolean }[]
}

const TEAMS = 6
const MEMBERS = 6
const RECORDS = 24
const place = (below: number) => fc.option(fc.nat(below - 1), { freq: 4 })
const access = fc.record({ only: fc.option(fc.uniqueArray(fc.nat(RECORDS - 1), { minLength: 4, maxLength: 16 }), { freq: 1 }), read: fc.constantFrom(...SCOPES), edit: fc.constantFrom(...SCOPES), delete: fc.constantFrom(...SCOPES), export: fc.constantFrom(...SCOPES), transfer: fc.constantFrom(...SCOPES) })
const few = fc.uniqueArray(fc.nat(MEMBERS - 1), { maxLength: 2 })

export const worlds: fc.Arbitrary<World> = fc.record({
  // A team stands below an earlier one: no circles, any depth.
  teams: fc.tuple(...Array.from({ length: TEAMS }, (_, i) => fc.record({ parent: i === 0 ? fc.constant(null) : place(i), head: fc.option(fc.nat(MEMBERS - 1), { freq: 1 }) }))),
  members: fc.array(fc.record({ team: place(TEAMS), further: fc.uniqueArray(fc.nat(TEAMS - 1), { maxLength: 2 }), roles: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 2 }), away: fc.boolean(), standIns: few }), { minLength: MEMBERS, maxLength: MEMBERS }),
  roles: fc.array(fc.record({ account: access, deal: access, paper: access, note: access }), { minLength: 3, maxLength: 3 }),
  records: fc.array(fc.record({ kind: fc.constantFrom(...OBJECTS), owner: place(MEMBERS), team: place(TEAMS), readers: few, writers: few, parent: fc.option(fc.nat(RECORDS - 1), { freq: 5 }), gone: fc.boolean() }), { minLength: RECORDS, maxLength: RECORDS })
    .map((records) => records.map((record, i) => ({ ...record, gone: record.gone && i % 4 === 0 }))),
}).map(hung)

/** What may hang on what; a parent of another kind is no parent. */
const MAY_HANG: Record<Kind, readonly Kind[]> = { account: [], deal: ['account'], paper: ['deal'], note: ['account', 'deal', 'paper'] }
function hung({ records, ...world }: World): World {
  const fits = (kind: Kind, parent: number | null): boolean => parent !== null && MAY_HANG[kind].includes(records[parent]!.kind)
  const nearest = (kind: Kind, from: number | null): number | null => (from === null ? null : records.map((_, i) => (from + i) % records.length).find((i) => fits(kind, i)) ?? null)
  return { ...world, records: records.map((record) => ({ ...record, parent: nearest(record.kind, record.parent) })) }
}

export const roleOf = (access: World['roles'][number], n: number): Role => ({ key: `role${n}`, label: label(`角色${n}`), rights: [], home: 'tasks', objects: Object.fromEntries(OBJECTS.map((kind) => { const { only, ...widths } = access[kind]; return [kind, { ...widths, ...(only && { rows: { field: 'name', op: 'in' as const, value: only.map(String) } }) }] })) })

/** Position of the records that the member's action reaches: by looking at every one of them, as a person would decide it. */
export function reached(world: World, me: number, action: Action, kind: Kind): number[] {
  return world.records.flatMap((record, i) => (record.kind === kind && !record.gone && mayReach(world, me, action, i) ? [i] : []))
}

function mayReach(world: World, me: number, action: Action, at: number): boolean {
  const { kind } = world.records[at]!
  const held = world.members[me]!.roles.map((role) => world.roles[role]![kind])
  // An object that no role lets them read does not exist for them.
  if (held.every(({ read = 'none' }) => read === 'none')) return false
  return held.filter(({ only }) => only === null || only.includes(at)).some((access) => gives(world, me, access[action === 'share' ? 'edit' : action] ?? 'none', { action, at }))
}

/** Does one role that has this record let its holder do this with it? */
function gives(world: World, me: number, width: Width, { action, at }: { action: Action; at: number }): boolean {
  const record = world.records[at]!
  if (width === 'none') return false
  if (width === 'all' || record.owner === me) return true
  if (action === 'edit' && record.writers.includes(me)) return true
  const looks = action === 'read' || action === 'export'
  if ((looks || action === 'edit') && record.owner !== null && standsIn(world, me, record.owner)) return true
  if (looks && (record.readers.includes(me) || record.writers.includes(me))) return true
  if (width === 'team' && record.team !== null && belongs(world, me, record.team)) return true
  if (width === 'teamTree' && record.team !== null && ancestry(world, record.team).some((team) => belongs(world, me, team))) return true
  const parent = record.parent === null ? undefined : world.records[record.parent]
  return looks && parent !== undefined && !parent.gone && mayReach(world, me, action, record.parent!)
}

const standsIn = ({ members }: World, me: number, other: number): boolean => members[other]!.away && !members[me]!.away && me !== other && members[other]!.standIns.includes(me)

const belongs = ({ members, teams }: World, me: number, team: number): boolean => members[me]!.team === team || members[me]!.further.includes(team) || teams[team]!.head === me

/** The team and all above it. */
function ancestry({ teams }: World, team: number): number[] {
  const { parent } = teams[team]!
  return [team, ...(parent === null ? [] : ancestry({ teams } as World, parent))]
}
