import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { drain } from './index.ts'
import { assignByPolicy, decisionsOf } from '#kernel/assignment'
import { bumpEpoch } from '#kernel/metadata'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { Solution } from '#language/definitions'
import { ids } from '#platform/db'
import { type FreshTenant, freshTenant } from '../../../test/tenant.ts'

const label = (zh: string) => ({ zh, en: zh })
const NURSE = { object: 'shift', duty: 'nurse', at: 'starts' }
const WARD = Solution.parse({
  key: 'ward', label: label('病区'), version: '1', activeRules: ['prepare', 'give', 'hand'],
  dictionary: [{ key: 'duty', label: label('岗'), options: [{ key: 'nurse', label: label('护') }, { key: 'desk', label: label('台') }] }],
  object: [
    { key: 'shift', label: label('班'), title: 'duty', shift: { member: 'who', from: 'from', to: 'to', duty: 'duty' }, fields: [{ key: 'duty', label: label('岗'), kind: 'select', dictionary: 'duty' }, { key: 'who', label: label('谁'), kind: 'member' }, { key: 'from', label: label('从'), kind: 'datetime' }, { key: 'to', label: label('到'), kind: 'datetime' }] },
    { key: 'visit', label: label('诊'), title: 'name', load: { kind: 'visit', while: { all: [] } }, fields: [{ key: 'name', label: label('名'), kind: 'text' }, { key: 'starts', label: label('始'), kind: 'datetime' }, { key: 'place', label: label('地'), kind: 'region' }, { key: 'need', label: label('需'), kind: 'select', dictionary: 'duty' }] },
    { key: 'task', label: label('事'), title: 'title', timeline: ['visit'], fields: [{ key: 'title', label: label('题'), kind: 'text' }, { key: 'visit', label: label('诊'), kind: 'reference', to: 'visit' }] },
  ],
  role: [{ key: 'nurse', label: label('护士'), rights: [], home: 'tasks', objects: { visit: { read: 'all' } } }],
  assignmentPolicy: [{ key: 'on_duty', label: label('在班'), object: 'visit', skillField: 'need', regionField: 'place', weights: { skill: 0, region: 0, load: 1 }, skillFit: { same: 1, parent: 1, general: 1 }, excludeMissingSkill: false, regionFit: { same: 1, area: 1, other: 1 }, regionOnly: false, preferLoadBelow: 1, roles: ['nurse'], exclusions: [], onDuty: NURSE, fallback: { pool: 'region', alertRole: 'nurse' }, active: true }],
  rule: [
    { key: 'prepare', label: label('准备'), trigger: { on: 'created', object: 'visit', causes: ['member'] }, condition: { field: 'name', op: 'ne', value: 'give' }, priority: 1, actions: [
      { do: 'create', object: 'task', values: { title: { text: '{{name}}' }, visit: { record: true }, owner: { onDuty: NURSE } } },
      { do: 'notify', to: [{ onDuty: NURSE }], kind: 'prepare', title: '{{name}}' }] },
    { key: 'give', label: label('给'), trigger: { on: 'created', object: 'visit', causes: ['member'] }, condition: { field: 'name', op: 'eq', value: 'give' }, priority: 1, actions: [{ do: 'assign', policy: 'on_duty' }] },
    { key: 'hand', label: label('交'), trigger: { on: 'changed', object: 'visit', fields: ['name'] }, condition: { all: [] }, priority: 1, actions: [{ do: 'create', object: 'task', values: { title: { text: '{{name}}' }, visit: { record: true }, owner: { role: 'nurse' } } }] },
  ],
})

let home: FreshTenant
const write = (intents: Intent[]) => home.db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), intents))
const at = (hour: number) => new Date(Date.UTC(2030, 0, 7, hour)).toISOString()
beforeAll(async () => {
  home = await freshTenant({ solution: WARD })
  await home.db.mutate(home.tenant, async (tx) => {
    for (const id of [1, 2, 3]) await tx.query(`insert into {t}.member (id, name, roles, capability, created_at) values ($1, $2, '{nurse}', '{"skills":["*"],"regions":[],"capacity":9}', $3)`, [id, `n${id}`, tx.now])
    await bumpEpoch(tx)
  })
  const shift = (who: number, duty: string, from: number, to: number): Intent => ({ op: 'create', object: 'shift', values: { who, duty, from: at(from), to: at(to) } })
  await write([shift(1, 'nurse', 0, 8), shift(2, 'nurse', 8, 16), shift(3, 'desk', 0, 16)])
})
afterAll(() => home.drop())

async function visit(name: string, hour: number | null): Promise<string> {
  const id = ids.next()
  await write([{ op: 'create', object: 'visit', id, values: { name, ...(hour !== null && { starts: at(hour) }) }, owner: null }])
  await drain(home.db, home.tenant)
  return id
}
const taskOf = async (id: string) => (await home.db.read(home.tenant, (tx) => tx.query<{ owner: number | null }>('select owner from {t}.o_task where f_visit = $1', [id])))[0]
const told = async (id: string) => (await home.db.read(home.tenant, (tx) => tx.query<{ member: number }>('select member from {t}.notification where record = $1', [id]))).map(({ member }) => member)

test.each([['before the change of shifts', 7, 1], ['at it', 8, 2], ['with nobody on', 16, null]])('E80 a task and a message go to whoever is on duty in the slot: %s', async (_, hour, who) => {
  const id = await visit('x', hour)
  expect([await taskOf(id), await told(id)]).toEqual([{ owner: who }, who === null ? [] : [who]])
})

test('E80 when the rota changes, so does who gets what comes after; without an instant nobody is meant', async () => {
  const [late] = await home.db.read(home.tenant, (tx) => tx.query<{ id: string }>(`select id from {t}.o_shift where f_who = 2`))
  await write([{ op: 'update', object: 'shift', id: late!.id, values: { who: 3 } }])
  expect(await taskOf(await visit('y', 9))).toEqual({ owner: 3 })
  await write([{ op: 'update', object: 'shift', id: late!.id, values: { who: 2 } }])
  expect(await taskOf(await visit('z', null))).toEqual({ owner: null })
})

test('E80 only those on duty compete, by rule and from the board, and the table says who was not', async () => {
  const [one, none] = [await visit('give', 3), await visit('give', 20)]
  const decision = async (id: string) => (await home.db.read(home.tenant, (tx) => decisionsOf(tx, id)))[0]!
  expect(await decision(one)).toMatchObject({ chosen: 1, candidates: [{ member: 1, excluded: null }, { member: 2, excluded: 'off_duty', reason: { zh: '当时不在班' } }, { member: 3, excluded: 'off_duty' }] })
  expect((await decision(none)).chosen).toBeNull()
  await write([{ op: 'update', object: 'visit', id: none, values: { starts: at(10) } }])
  const given = await home.db.mutate(home.tenant, async (tx) => assignByPolicy(await kernelContext(tx, { kind: 'system', reason: 'test' }, { kind: 'member' }), 'visit', [none]))
  expect(given.written[0]?.after.owner).toBe(2)
})

test('E89 what falls to a role falls to who has had it for longest of those who are there; with all away, to the first of them', async () => {
  const named = async (name: string) => { const id = await visit('give', 3); await write([{ op: 'update', object: 'visit', id, values: { name } }]); await drain(home.db, home.tenant); return (await taskOf(id))!.owner }
  const away = (member: number) => home.db.mutate(home.tenant, async (tx) => { await tx.query(`insert into {t}.absence (member, kind, from_at, to_at, stand_ins, state) values ($1, 'leave', $2::timestamptz - interval '1 hour', $2::timestamptz + interval '9 days', '{}', 'planned')`, [member, tx.now]); await bumpEpoch(tx) })
  expect(await named('all there')).toBe(1)
  await away(1)
  expect(await named('the first away')).toBe(2)
  for (const member of [2, 3]) await away(member)
  expect(await named('all away')).toBe(1)
})
