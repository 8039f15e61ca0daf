import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext, type Context } from '#kernel/access'
import { bumpEpoch, publish } from '#kernel/metadata'
import { verifyTenant, writeOrRefuse } from '#kernel/records'
import { Solution } from '#language/definitions'
import { advanceClock, ids, openDatabase } from '#platform/db'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'
import { assignBatch, type AssignmentRequest, decisionsOf, otherwise, storyOf } from './index.ts'

const label = (zh: string) => ({ zh, en: zh })
const CLINIC = Solution.parse({
  key: 'clinic', label: label('诊所'), version: '1', activeRules: [],
  dictionary: [{ key: 'field', label: label('科'), options: [{ key: 'bones', label: label('骨') }, { key: 'knee', label: label('膝'), parent: 'bones' }] }],
  object: [{ key: 'case', label: label('病例'), title: 'name', load: { kind: 'case', while: { all: [] } }, fields: [
    { key: 'name', label: label('名'), kind: 'text' }, { key: 'field', label: label('科'), kind: 'select', dictionary: 'field' }, { key: 'region', label: label('地'), kind: 'region' }, { key: 'ip_region', label: label('网'), kind: 'region' }] },
    { key: 'call', label: label('来电'), title: 'name', fields: [{ key: 'name', label: label('名'), kind: 'text' }, { key: 'field', label: label('科'), kind: 'select', dictionary: 'field' }, { key: 'region', label: label('地'), kind: 'region' }] }],
  role: [{ key: 'doctor', label: label('医'), rights: [], home: 'tasks', objects: {} }, { key: 'head', label: label('长'), rights: [], home: 'tasks', objects: {} }],
  assignmentPolicy: [{ key: 'able', label: label('能'), object: 'case', skillField: 'field', regionField: 'region', regionFallbackField: 'ip_region', weights: { skill: 0.4, region: 0.35, load: 0.25 }, skillFit: { same: 1, parent: 0.6, general: 0.4 },
    excludeMissingSkill: true, regionFit: { same: 1, area: 0.7, other: 0 }, regionOnly: false, preferLoadBelow: 0.65, roles: ['doctor'], exclusions: [{ when: { all: [] }, lacks: 'knee', reason: label('要会看膝') }], fallback: { pool: 'region', alertRole: 'head' }, active: true },
    { key: 'turns', label: label('轮'), object: 'call', mode: 'rotation', skillField: 'field', regionField: 'region', weights: { skill: 0.4, region: 0.35, load: 0.25 }, skillFit: { same: 1, parent: 0.6, general: 0.4 }, excludeMissingSkill: false, regionFit: { same: 1, area: 0.7, other: 0 }, regionOnly: false, preferLoadBelow: 0.65, roles: ['doctor'], exclusions: [], fallback: { pool: 'region', alertRole: 'head' }, active: true }],
})

let home: FreshTenant
beforeAll(async () => {
  home = await freshTenant({ solution: CLINIC })
  await home.db.mutate(home.tenant, async (tx) => {
    for (const [id, skills, capacity] of [[1, ['knee'], 3], [2, ['bones'], 3], [3, ['*'], 3]] as const) {
      await tx.query(`insert into {t}.member (id, name, roles, capability, created_at) values ($1, $2, '{doctor}', $3, $4)`, [id, `d${id}`, JSON.stringify({ skills, regions: ['310000'], capacity }), tx.now])
    }
    await tx.query(`insert into {t}.member (id, name, roles, state, created_at) values (9, 'left', '{doctor}', 'suspended', $1)`, [tx.now])
    await bumpEpoch(tx)
  })
})
afterAll(() => home.drop())

type Wish = Partial<Pick<AssignmentRequest, 'excluding' | 'existing' | 'priority' | 'seq'>> & { owner?: number | null; id?: string; values?: Record<string, string> }

/** Decides and writes, as one transaction. */
const assign = (wishes: Wish[], db = home.db) => db.mutate(home.tenant, async (tx) => {
  const ctx = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
  const made = await Promise.all(wishes.map((wish) => requestOf(ctx, wish)))
  const decisions = await assignBatch(ctx, made)
  await writeOrRefuse(ctx, decisions.map(({ record, chosen, no }) => (chosen === null ? { op: 'update', object: 'case', id: record } : { op: 'update', object: 'case', id: record, owner: chosen, decision: no! })))
  return decisions
})

async function requestOf(ctx: Context, { id = ids.next(), owner = null, excluding = [], existing = null, priority = 0, seq = 0, values = { field: 'knee', region: '310000' } }: Wish): Promise<AssignmentRequest> {
  return { policy: ctx.metadata.assignmentPolicies.get('able')!, record: { object: 'case', id, owner, values }, event: null, excluding, existing, counts: true, priority, seq }
}
async function cases(count: number, owner: number | null = null): Promise<string[]> {
  const made = Array.from({ length: count }, () => ids.next())
  await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), made.map((id) => ({ op: 'create', object: 'case', id, owner, values: { name: 'x' } }))))
  return made
}
const empty = async () => {
  const owned = await home.db.read(home.tenant, (tx) => tx.query<{ id: string }>(`select id from {t}."o_case" where owner is not null`))
  await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), owned.map(({ id }) => ({ op: 'update', object: 'case', id, owner: null }))))
}
const chosen = (decisions: { chosen: number | null }[]) => decisions.map((decision) => decision.chosen)

test('G11 many batches at once fill everybody exactly, also those who never held anything', async () => {
  const made = await cases(14)
  const others = Array.from({ length: 4 }, () => openDatabase((home.db.pool as unknown as { options: object }).options))
  const decisions = (await Promise.all(made.map((id, i) => assign([{ id }], others[i % 4])))).flat()
  await Promise.all(others.map((db) => db.close()))
  const counts = Map.groupBy(decisions, ({ chosen: who }) => who)
  expect([1, 2, 3, null].map((who) => counts.get(who)?.length)).toEqual([3, 3, 3, 5])
  const { loads } = await home.db.mutate(home.tenant, async (tx) => verifyTenant(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })))
  expect(loads).toEqual([])
  await empty()
})

test('G19 many batches at once give everybody their turn, also where no load is counted', async () => {
  const others = Array.from({ length: 4 }, () => openDatabase((home.db.pool as unknown as { options: object }).options))
  const one = (db: typeof home.db) => db.mutate(home.tenant, async (tx) => {
    const ctx = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' })
    const id = ids.next()
    const [decision] = await assignBatch(ctx, [{ policy: ctx.metadata.assignmentPolicies.get('turns')!, record: { object: 'call', id, owner: null, values: {} }, event: null, excluding: [], existing: null, counts: false, priority: 0, seq: 0 }])
    await writeOrRefuse(ctx, [{ op: 'create', object: 'call', id, owner: decision!.chosen, values: { name: 'x' }, decision: decision!.no! }])
    return decision!.chosen
  })
  const given = await Promise.all(Array.from({ length: 15 }, (_, i) => one(others[i % 4]!)))
  await Promise.all(others.map((db) => db.close()))
  expect([1, 2, 3].map((who) => given.filter((each) => each === who).length)).toEqual([5, 5, 5])
})

test('G10 each sees what those before it left, in the order of priority and seq', async () => {
  const [a, b, c] = await cases(3)
  // 1 leads until 0.65 of 3 are held; then the others' first partition is ahead.
  const decisions = await assign([{ id: a!, seq: 3 }, { id: b!, seq: 1 }, { id: c!, priority: -1, seq: 9 }])
  expect(chosen(decisions)).toEqual([2, 1, 1])
  expect(decisions.map(({ no }) => no)).toEqual([decisions[2]!.no! + 2, decisions[2]!.no! + 1, decisions[2]!.no])
  await empty()
})

test('G10 who is assigned again first gives back what they hold', async () => {
  const [one] = await cases(1, 1)
  const [decision] = await assign([{ id: one!, owner: 1 }])
  expect([decision!.chosen, decision!.scored.find(({ member }) => member === 1)!.open]).toEqual([1, 0])
  await empty()
})

test('G8 the party’s owner gets it, over capacity too; one who left does not', async () => {
  const [a, b] = await cases(2)
  await cases(3, 3)
  expect(await assign([{ id: a!, existing: 3 }, { id: b!, existing: 9 }])).toMatchObject([{ chosen: 3, reason: 'existing', scored: [] }, { chosen: 1, reason: 'competed' }])
  await empty()
})

test('G13 whoever is away is not chosen until they are back; their own customer’s record still comes to them', async () => {
  const [a, b] = await cases(2)
  await home.db.mutate(home.tenant, async (tx) => { await tx.query(`insert into {t}.absence (member, kind, from_at, to_at, state) values (1, 'other', '2020-01-01', '2030-01-02T10:00:00Z', 'running')`); await bumpEpoch(tx) })
  expect(await assign([{ id: a! }, { id: b!, existing: 1 }])).toMatchObject([{ chosen: 2, reason: 'competed' }, { chosen: 1, reason: 'existing' }])
  const [kept] = await home.db.read(home.tenant, (tx) => decisionsOf(tx, a!))
  expect(kept!.candidates.at(-1)).toMatchObject({ member: 1, total: null, excluded: 'away:2030-01-02T10:00:00.000Z', reason: { zh: '请假中，至 2030-01-02 18:00' } })
  await home.db.mutate(home.tenant, async (tx) => { await tx.query('truncate {t}.absence'); await bumpEpoch(tx) })
  await empty()
})

test('G9 nobody: the pool of the greater region, and the owner stays', async () => {
  await Promise.all([1, 2, 3].map((member) => cases(3, member)))
  const [a, b] = await cases(2)
  expect(await assign([{ id: a! }, { id: b!, values: { field: 'knee', ip_region: '110000' } }])).toMatchObject([{ chosen: null, reason: 'pool', pool: 'east' }, { chosen: null, pool: 'north', asked: { region: '110000' } }])
  await empty()
})

test('G14 a story is told from what was kept: who had it until when, who took it by hand after nobody could, who came by another way', async () => {
  const [a, b, c] = await cases(3)
  const story = () => home.db.read(home.tenant, async (tx) => { const { metadata } = await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }); return storyOf(tx, metadata, { policy: metadata.assignmentPolicies.get('able')!, days: 1 }) })
  const before = (await story()).told.length
  const own = (id: string, owner: number | null) => home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), [{ op: 'update', object: 'case', id, owner }]))
  await assign([{ id: a! }])
  await own(a!, null)
  await Promise.all([1, 2, 3].map((member) => cases(3, member)))
  await assign([{ id: b! }])
  await own(b!, 2)
  await assign([{ id: c!, existing: 3 }])
  const whole = await story()
  expect(whole.told.slice(before)).toMatchObject([
    { record: a, chosen: 1, held: true, until: expect.any(Number), later: null, existing: false, skill: 'knee' },
    { record: b, chosen: null, held: false, until: null, later: expect.any(Number) },
    { record: c, chosen: 3, existing: true, lines: [], held: true, until: null },
  ])
  expect(whole.came.slice(-1)).toMatchObject([{ member: 2 }])
  const policy = { ...CLINIC.assignmentPolicy[0]! }
  expect(otherwise(whole, { ...policy, completeness: true }).map(({ chosen: who }) => who)).toEqual(whole.told.map(({ chosen: who }) => who))
  await empty()
})

test('G21 completeness is reckoned once a day, of what was theirs before it, and kept with the decision', async () => {
  const publishing = (body: object) => home.db.mutate(home.tenant, async (tx) => { expect((await publish(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), 'assignmentPolicy', 'able', body)).ok).toBe(true) })
  const policy = CLINIC.assignmentPolicy[0]!
  await publishing({ ...policy, completeness: { complete: { field: 'field', op: 'notEmpty' }, days: 30 } })
  await cases(1, 1)
  const own = (owner: number) => home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), [{ op: 'create', object: 'case', id: ids.next(), owner, values: { name: 'x', field: 'knee' } }]))
  await own(2)
  await advanceClock(home.db, home.tenant, 24 * 3_600_000)
  await own(1)
  await own(2)
  const again = async () => { const [one] = await cases(1); const [decision] = await assign([{ id: one! }]); await home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), [{ op: 'update', object: 'case', id: one!, owner: null }])); return decision!.scored.toSorted((a, b) => a.member - b.member).map(({ completeness }) => completeness) }
  const first = await again()
  expect(first).toEqual([{ complete: 0, total: 1 }, { complete: 1, total: 1 }, { complete: 0, total: 0 }])
  await own(3)
  expect(await again()).toEqual(first)
  await advanceClock(home.db, home.tenant, 24 * 3_600_000)
  expect(await again()).toEqual([{ complete: 1, total: 2 }, { complete: 2, total: 2 }, { complete: 1, total: 1 }])
  await publishing(policy)
  await empty()
})

test('G12 a decision can be read years later, without the policy', async () => {
  const [one] = await cases(1)
  const [decision] = await assign([{ id: one!, excluding: [0] }])
  await home.db.mutate(home.tenant, (tx) => tx.query(`delete from {t}.definition where kind = 'assignmentPolicy'`))
  const [kept] = await home.db.read(home.tenant, (tx) => decisionsOf(tx, one!))
  expect(kept).toMatchObject({ no: decision!.no, policy: 'able', policyVersion: decision!.policyVersion, chosen: 1, reason: 'competed', weights: { skill: 0.4 }, asked: { skill: 'knee', region: '310000' } })
  expect(kept!.candidates.map(({ member, total, excluded, reason }) => [member, total, excluded, reason?.zh])).toEqual([[1, 1, null, undefined], [2, null, 'rule:0', '要会看膝'], [3, null, 'rule:0', '要会看膝']])
  await empty()
})
