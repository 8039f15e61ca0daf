import { afterEach, beforeEach, expect, test } from 'vitest'
import { kernelContext, type Actor, type Cause } from '#kernel/access'
import { Refused } from '#contract'
import { decideRun, drain, startEngine } from '#kernel/automation'
import { createMember, createTeam, listMembers, updateMember } from '#kernel/members'
import { publishAll } from '#kernel/metadata'
import { compare, openPast, replay, type Difference, type Replayed } from '#kernel/replay'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { advanceClock, ids, openDatabase } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'
import { seeded } from './random.ts'

const ROUNDS = process.env['LAWS'] === 'long' ? 150 : 6
const SEED = Number(process.env['REPLAY_SEED'] ?? Date.now() % 1_000_000)
const FORM: [Actor, Cause] = [{ kind: 'source', form: 'pricing' }, { kind: 'source', form: 'pricing' }]
const LAW: [Actor, Cause] = [{ kind: 'system', reason: 'law' }, { kind: 'definition' }]
const HOUR = 3_600_000
const TOLD = { key: 'law_parent', label: { zh: '客户等级', en: 'Level' }, group: 'law', trigger: { on: 'created', object: 'contact' }, priority: 100, actions: [{ do: 'tag', add: ['高意向'] }], condition: { parent: 'customer', where: { field: 'level', op: 'eq', value: 'a' } } }
const BUSY = { key: 'law_busy', label: { zh: '看了定价页', en: 'Pricing' }, group: 'law', trigger: { on: 'changed', object: 'lead', fields: ['company', 'last_behaviour_at'] }, priority: 100, actions: [{ do: 'tag', add: ['高意向'] }],
  condition: { count: { object: 'behaviour', via: 'subject' }, where: { field: 'page', op: 'contains', value: '/pricing' }, within: '7d', at: 'occurred_at', op: 'ge', value: 2 } }
/** Runs that wait, for a time and for a condition, and go on by the version with which they began. */
const PATIENT = { key: 'law_patient', label: { zh: '等一等', en: 'Patient' }, group: 'law', trigger: { on: 'created', object: 'lead' }, priority: 200, condition: { all: [] }, actions: [
  { do: 'wait', for: '20h' }, { do: 'branch', condition: { field: 'industry', op: 'eq', value: 'pcb' }, yes: [{ do: 'tag', add: ['价格敏感型'] }], no: [{ do: 'set', values: { title: '等过了' } }] },
  { do: 'waitUntil', until: { any: [{ field: 'company', op: 'contains', value: '3' }, { count: { object: 'behaviour', via: 'subject' }, op: 'ge', value: 2 }] }, atMost: '50h', yes: [{ do: 'set', values: { title: '等到了' } }], no: [{ do: 'tag', add: ['数据悬停'] }] }] }
/** Runs that go several ways at once. */
const SIDES = { key: 'law_sides', label: { zh: '分头', en: 'Sides' }, group: 'law', trigger: { on: 'created', object: 'lead' }, priority: 210, condition: { all: [] }, actions: [
  { do: 'parallel', join: 'all', branches: [[{ do: 'wait', for: '25h' }, { do: 'set', values: { title: '一边好了' } }], [{ do: 'parallel', join: 'any', branches: [[{ do: 'wait', for: '45h' }], [{ do: 'waitUntil', until: { field: 'company', op: 'notEmpty' }, atMost: '90h', yes: [{ do: 'tag', add: ['高意向'] }], no: [] }]] }]] },
  { do: 'tag', add: ['数据悬停'] }] }

let home: FreshTenant
beforeEach(async () => {
  home = await freshTenant({ solution: loadSolution('crm') })
  await publish(TOLD, BUSY, PATIENT, SIDES)
  await home.db.mutate(home.tenant, async (tx) => {
    const { id: team } = await createTeam(await kernelContext(tx, ...LAW), { name: '销售部', parent: null })
    const ctx = await kernelContext(tx, ...LAW)
    for (const n of [1, 2, 3, 4]) await createMember(ctx, { name: `成员${n}`, email: `m${n}@law.example`, roles: [n === 1 ? 'supervisor' : 'sales'], team, capability: { skills: n === 2 ? ['auto_parts'] : ['*'], regions: ['320000'], capacity: 6 } })
  })
})
afterEach(() => home.drop())

test('replay from the log alone equals history, whatever one worker answered and however late', async () => {
  console.log(`replay law: seed ${SEED}`)
  const random = seeded(SEED)
  const known = { leads: [] as string[], customers: [] as string[] }
  for (const sort of [0, 0.4, 0.7]) await doSomething(known, firstly(sort, random))
  await drain(home.db, home.tenant)
  for (let n = 0; n < 3; n++) await doSomething(known, firstly(0.8, random))
  const ran = async () => new Set((await home.db.read(home.tenant, (tx) => tx.query<{ rule: string }>('select distinct rule from {t}.run'))).map(({ rule }) => rule))
  const wanted = ['r1_assign', 'r2_behaviour', 'r3_escalate', 'law_patient', 'law_sides']
  // As long as it takes until each of these has had something to answer.
  for (let round = 0; round < ROUNDS || (round < 6 * ROUNDS && !new Set(wanted).isSubsetOf(await ran())); round++) {
    for (let n = 0; n < 4; n++) await doSomething(known, random)
    // Sometimes the engine is late, and answers several rounds at once.
    if (random() < 0.7) await drain(home.db, home.tenant)
  }
  await drain(home.db, home.tenant)
  const { batches, differences } = await replayed()
  expect(differences).toEqual([])
  expect(batches.filter(({ history, replayed: again }) => history === again).length).toBeGreaterThan(0)
  const rules = new Set(batches.flatMap(({ replayed: again }) => again.runs.map(({ rule }) => rule)))
  expect([...rules]).toEqual(expect.arrayContaining(wanted))
  expect(batches.flatMap(({ replayed: again }) => again.changes).length).toBeGreaterThan(ROUNDS)
  expect(await home.db.pool.query(`select from pg_namespace where nspname like '%_past_%'`)).toMatchObject({ rowCount: 0 })
})

test('on concurrent history a replay names every difference and the value that was seen', async () => {
  const customer = ids.next()
  await write([{ op: 'create', object: 'customer', id: customer, values: { name: '公司', level: 'b' } }])
  await drain(home.db, home.tenant)
  // Its number in the log is taken first, its commit comes last: the engine has not seen it, the log says that it was there.
  const slow = await open()
  await slow.written([{ op: 'update', object: 'customer', id: customer, values: { level: 'a' } }])
  await write([{ op: 'create', object: 'contact', values: { name: '联系人', customer } }])
  await drain(home.db, home.tenant)
  await slow.commit()
  await storm()
  const { differences } = await replayed()
  // Memory proves some batches, and none of which the past in the database would say otherwise.
  expect(differences).toEqual((await replayed({ thorough: true })).differences)
  expect(differences.filter(({ behind }) => behind.length === 0)).toEqual([])
  expect(differences.find(({ rule }) => rule === 'law_parent')).toMatchObject({ what: 'only in replay', behind: [{ log: { seen: { parents: { customer: { own: { level: 'a' } } } } } }] })
})

/** Everything that the engine answered, again. */
async function replayed(how?: { thorough: true }): Promise<{ batches: Replayed[]; differences: Difference[] }> {
  const [batches, differences]: [Replayed[], Difference[]] = [[], []]
  class Enough extends Error {}
  await home.db.mutate(home.tenant, async (tx) => {
    const past = await openPast(tx)
    await replay(tx, past, (batch) => { batches.push(batch); differences.push(...compare(batch)) }, how)
    throw new Enough()
  }).catch((error: unknown) => { if (!(error instanceof Enough)) throw error })
  return { batches, differences }
}

async function doSomething({ leads, customers }: { leads: string[]; customers: string[] }, random: () => number): Promise<void> {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const fresh = (list: string[]): string => { const id = ids.next(); list.push(id); return id }
  const lead = (): Intent => ({ op: 'create', object: 'lead', id: fresh(leads), values: { name: `客户${leads.length}`, phone: `+86138${String(leads.length).padStart(8, '0')}`, industry: pick(['auto_parts', 'pcb']), need_type: 'mes', region: pick(['320500', '440300']), budget_min: String(Math.floor(random() * 30) * 100_000), form_source: '官网定价页' } })
  const seen = (id: string): Intent => ({ op: 'create', object: 'behaviour', values: { subject: { object: 'lead', id }, kind: 'view', page: pick(['/pricing', '/cases']), occurred_at: new Date(Date.now() + clock).toISOString() } })
  const choice = random()
  if (leads.length < 2 || choice < 0.3) return write(Array.from({ length: 1 + Math.floor(random() * 3) }, lead))
  if (choice < 0.5) return write([seen(pick(leads)), seen(pick(leads))]).catch(() => {})
  if (choice < 0.6) return write([{ op: 'update', object: 'lead', id: pick(leads), values: { company: `公司${Math.floor(random() * 9)}` } }]).catch(() => {})
  if (choice < 0.65) return write([{ op: 'delete', object: 'lead', id: pick(leads) }]).catch(() => {})
  if (choice < 0.75) return write([{ op: 'create', object: 'customer', id: fresh(customers), values: { name: `公司${customers.length}`, level: pick(['a', 'b']) } }, { op: 'create', object: 'contact', values: { name: '联系人', customer: customers.at(-1) } }])
  if (choice < 0.85) { clock += 30 * HOUR; return void (await advanceClock(home.db, home.tenant, 30 * HOUR)) }
  if (choice < 0.92) return staffed(pick([2, 6, 12]), pick([2, 3, 4]))
  if (random() < 0.4) return decided(pick)
  if (random() < 0.4) return publish({ ...PATIENT, actions: [{ do: 'wait', for: pick(['1h', '20h', '40h']) }, ...PATIENT.actions.slice(1)] })
  return publish({ ...BUSY, condition: { ...BUSY.condition, value: pick([1, 2, 3]) } })
}
let clock = 0

/** Somebody makes a run go on, calls it off or takes it up again. */
async function decided(pick: <T>(from: readonly T[]) => T): Promise<void> {
  const waits = await home.db.read(home.tenant, (tx) => tx.query<{ event: number; rule: string; branch: string }>('select run as event, rule, branch from {t}.wait order by run, branch'))
  if (waits.length === 0) return
  await home.db.mutate(home.tenant, async (tx) => decideRun(await kernelContext(tx, ...LAW), pick(waits), pick(['go', 'met', 'late', 'cancel', 'dismiss', 'restore'] as const))).catch((error: unknown) => { if (!(error instanceof Refused)) throw error })
}

async function publish(...rules: object[]): Promise<void> {
  const result = await home.db.mutate(home.tenant, (tx) => publishAll({ tx, actor: LAW[0] as { kind: 'system'; reason: string } }, rules.map((body) => ({ kind: 'rule' as const, key: (body as { key: string }).key, body, state: 'active' as const }))))
  if (!result.ok) throw new Error(JSON.stringify(result))
}

/** Somebody can take on more, or less. */
async function staffed(capacity: number, nth: number): Promise<void> {
  await home.db.mutate(home.tenant, async (tx) => {
    const ctx = await kernelContext(tx, ...LAW)
    const { id, capability } = (await listMembers(ctx))[nth - 1]!
    await updateMember(ctx, id, { capability: { ...capability, capacity } })
  })
}

const write = (intents: readonly Intent[]): Promise<void> => home.db.mutate(home.tenant, async (tx) => void (await writeOrRefuse(await kernelContext(tx, ...FORM), intents)))

/** A transaction that has written and waits for its commit. */
async function open(): Promise<{ written(intents: readonly Intent[]): Promise<void>; commit(): Promise<void> }> {
  let go!: () => void
  const told = new Promise<void>((resolve) => { go = resolve })
  let asked!: (intents: readonly Intent[]) => void
  const wanted = new Promise<readonly Intent[]>((resolve) => { asked = resolve })
  let done!: () => void
  const wrote = new Promise<void>((resolve) => { done = resolve })
  const over = home.db.mutate(home.tenant, async (tx) => {
    await writeOrRefuse(await kernelContext(tx, ...FORM), await wanted)
    done()
    await told
  })
  return { written: (intents) => { asked(intents); return wrote }, commit: () => { go(); return over } }
}

/** A source of chance whose first number is given. */
function firstly(first: number, random: () => number): () => number {
  let asked = 0
  return () => (asked++ === 0 ? first : random())
}

/** Four writers and two engines at once. */
async function storm(): Promise<void> {
  const second = openDatabase((home.db.pool as unknown as { options: object }).options)
  const engines = [home.db, second].map((db) => startEngine({ db, channels: {}, repairMs: 50 }))
  const random = seeded(SEED + 1)
  const known = [0, 1, 2, 3].map(() => ({ leads: [] as string[], customers: [] as string[] }))
  await Promise.all(known.map(async (mine) => { for (let n = 0; n < ROUNDS * 2; n++) await doSomething(mine, random).catch(() => {}) }))
  await drain(home.db, home.tenant)
  await Promise.all(engines.map((engine) => engine.stop()))
  await second.close()
}
