import fc from 'fast-check'
import { READ_STATES, Solution, type ObjectAccess, type Policy, type ReadState, type Whom } from '#language/definitions'

const label = { zh: '物', en: 'Thing' }
export const THINGS = Solution.parse({
  key: 'things', label, version: '1', activeRules: [], tag: [{ key: 't', label }],
  object: [{ key: 'thing', label, title: 'a', fields: [{ key: 'a', label, kind: 'text' }, { key: 'b', label, kind: 'email' }, { key: 'n', label, kind: 'decimal' }, { key: 'd', label, kind: 'date' }] }],
})
export const FIELDS = ['a', 'b', 'n', 'd'] as const
type Key = (typeof FIELDS)[number]
/** Masks that fit the kind of each field; all others hide it. */
const FITS: Record<Key, readonly ReadState[]> = { a: ['constant', 'star', 'last4', 'domain'], b: ['constant', 'star', 'last4', 'domain'], n: ['leading'], d: ['year'] }

export interface Thing { a: string | null; b: string | null; n: string | null; d: string | null; tagged: boolean; owner: number | null; helper: number | null }
export interface Member { id: number; roles: string[] }
export interface World { things: Thing[]; member: Member; roles: Record<string, ObjectAccess>; policies: Policy[]; rolesDecide: boolean }

/** Conditions beside what they mean. */
const CONDITIONS: { sql: NonNullable<Policy['when']>; holds: (thing: Thing, me: number) => boolean }[] = [
  { sql: { field: 'tags', op: 'has', value: 't' }, holds: ({ tagged }) => tagged },
  { sql: { not: { field: 'tags', op: 'has', value: 't' } }, holds: ({ tagged }) => !tagged },
  { sql: { field: 'n', op: 'gt', value: '50' }, holds: ({ n }) => n !== null && Number(n) > 50 },
  { sql: { not: { field: 'n', op: 'gt', value: '50' } }, holds: ({ n }) => n === null || Number(n) <= 50 },
  { sql: { field: 'a', op: 'ne', value: 'x' }, holds: ({ a }) => a !== null && a !== 'x' },
  { sql: { any: [{ field: 'a', op: 'empty' }, { field: 'owner', op: 'eq', value: { me: true } }] }, holds: ({ a, owner }, me) => a === null || owner === me },
]

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const state = fc.constantFrom(...READ_STATES)
const whom: fc.Arbitrary<Whom> = fc.record({ roles: fc.subarray(['r0', 'r1', 'r2']), members: fc.subarray([1, 2, 3]), relations: fc.subarray(['owner', 'collaborator'] as const) }, { requiredKeys: [] }).map((each) => Object.fromEntries(Object.entries(each).filter(([, list]) => list.length > 0)) as Whom)
const said = fc.record({ read: some(state), write: some(fc.boolean()) }).map((each) => Object.fromEntries(Object.entries(each).filter(([, value]) => value !== undefined)))
const policy: fc.Arbitrary<Omit<Policy, 'key' | 'label' | 'object'>> = fc.record({
  effect: fc.constantFrom('limit' as const, 'limit' as const, 'allow' as const), who: some(whom), except: some(whom), when: some(fc.constantFrom(...CONDITIONS.map(({ sql }) => sql))),
  fields: fc.dictionary(fc.constantFrom(...FIELDS, '*'), said, { maxKeys: 3 }), actions: fc.subarray(['read', 'edit', 'delete'] as const, { maxLength: 1 }),
}).map((each) => Object.fromEntries(Object.entries(each).filter(([, value]) => value !== undefined)) as unknown as Omit<Policy, 'key' | 'label' | 'object'>)
const width = fc.constantFrom('none', 'own', 'all', 'all')
const access = fc.record({ read: width, edit: width, delete: width, fields: fc.dictionary(fc.constantFrom(...FIELDS), fc.record({ read: fc.constantFrom<ReadState>('full', 'hidden', 'last4', 'star', 'last4'), write: fc.boolean() }), { maxKeys: 3 }) }) as fc.Arbitrary<ObjectAccess>

export const worlds: fc.Arbitrary<World> = fc.record({
  things: fc.array(fc.record({ a: fc.constantFrom('x', '王小明 a@b', null), b: fc.constantFrom('a@b.cn', 'longer@name.example', null), n: fc.constantFrom('7', '60', '126000.5', null), d: fc.constantFrom('2026-11-22', null), tagged: fc.boolean(), owner: fc.constantFrom(1, 2, null), helper: fc.constantFrom(1, 3, null) }), { minLength: 10, maxLength: 10 }),
  member: fc.record({ id: fc.constantFrom(1, 2, 3), roles: fc.subarray(['r0', 'r1', 'r2'], { minLength: 1 }) }),
  roles: fc.record({ r0: access, r1: access, r2: access }),
  policies: fc.array(policy, { maxLength: 6 }).map((all) => all.map((each, i) => ({ ...each, key: `p${i}`, label, object: 'thing' }))),
  rolesDecide: fc.constantFrom(true, true, true, false),
})

export interface Verdict { sees: boolean; edits: boolean; deletes: boolean; fields: Record<Key, { read: ReadState; write: boolean }> }

/** What the member may do with one thing, read off the definitions as a person would. */
export function judged({ member, roles, policies, rolesDecide }: World, thing: Thing): Verdict {
  const held = rolesDecide ? member.roles.map((key) => roles[key]!) : []
  const related = ({ relations = [] }: Whom) => (relations.includes('owner') && thing.owner === member.id) || (relations.includes('collaborator') && thing.helper === member.id)
  const within = (them: Whom) => (them.roles ?? []).some((role) => member.roles.includes(role)) || (them.members ?? []).includes(member.id) || related(them)
  const applies = ({ who, except, when }: Policy) => (!who || within(who)) && !(except && within(except)) && (!when || CONDITIONS.find(({ sql }) => sql === when)!.holds(thing, member.id))
  const [allows, limits] = (['allow', 'limit'] as const).map((effect) => policies.filter((each) => each.effect === effect && applies(each))) as [Policy[], Policy[]]
  const mine = (action: 'read' | 'edit' | 'delete') => (each: ObjectAccess) => each[action] === 'all' || (each[action] === 'own' && (thing.owner === member.id || (action === 'read' && thing.helper === member.id)))
  const may = (action: 'read' | 'edit' | 'delete') => (held.some(mine(action)) || allows.some(({ actions }) => actions.includes(action))) && !limits.some(({ actions }) => actions.includes(action))
  const fields = Object.fromEntries(FIELDS.map((key) => [key, fieldOf(key, held, { allows, limits })])) as Verdict['fields']
  return { sees: may('read'), edits: may('edit'), deletes: may('delete'), fields }
}

function fieldOf(key: Key, held: readonly ObjectAccess[], { allows, limits }: { allows: readonly Policy[]; limits: readonly Policy[] }): { read: ReadState; write: boolean } {
  const fit = (read: ReadState): ReadState => (read === 'full' || read === 'hidden' || FITS[key].includes(read) ? read : 'hidden')
  const about = (those: readonly Policy[]) => those.flatMap(({ fields }) => fields[key] ?? fields['*'] ?? [])
  const opens = held.filter(({ read }) => read !== 'none')
  const byRoles = opens.map(({ fields }) => fields?.[key]?.read ?? 'full').reduce(fuller, 'hidden')
  const writes = byRoles !== 'hidden' && held.some(({ edit, fields }) => edit !== 'none' && fields?.[key]?.write !== false && fields?.[key]?.read !== 'hidden')
  const most = [fit(byRoles), ...about(allows).flatMap(({ read }) => (read ? [fit(read)] : []))].reduce(fuller, 'hidden')
  const all = [most, ...about(limits).flatMap(({ read }) => (read ? [fit(read)] : []))]
  const telling = new Set(all.filter((read) => ['last4', 'domain', 'year', 'leading'].includes(read)))
  const read = telling.size > 1 ? 'hidden' : all.reduce((one, other) => (fuller(one, other) === one ? other : one), 'full')
  return { read, write: read === 'full' && (writes || about(allows).some(({ write }) => write === true)) && !about(limits).some(({ write }) => write === false) }
}

const fuller = (one: ReadState, other: ReadState): ReadState => (READ_STATES.indexOf(one) < READ_STATES.indexOf(other) ? other : one)
