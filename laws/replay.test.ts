import { afterAll, beforeAll, expect, test } from 'vitest'
import { kernelContext } from '#kernel/access'
import { drain, type SeenKept, type Step } from '#kernel/automation'
import { stepsIn, type Rule } from '#language/definitions'
import { createMember, createTeam } from '#kernel/members'
import { metadataOf, publishAll } from '#kernel/metadata'
import { write, type Intent } from '#kernel/records'
import { checkCondition, toPredicate, type Condition, type Seen } from '#language/conditions'
import { advanceClock } from '#platform/db'
import { loadSolution } from '../solutions/index.ts'
import { freshTenant, type FreshTenant } from '../test/tenant.ts'
import { workingCalendar } from '#language/values'

const LEADS = process.env['LAWS'] === 'long' ? 5_000 : 60
const actor = { kind: 'system', reason: 'law' } as const
/** Besides the standard rules: one that asks about children in a window and about what changed, one that asks about the parent. */
const RULES = [
  { key: 'law_active', label: { zh: '活跃', en: 'Active' }, group: 'law', trigger: { on: 'changed', object: 'lead', fields: ['company', 'last_behaviour_at'] }, priority: 100, actions: [{ do: 'tag', add: ['高意向'] }],
    condition: { any: [{ changed: 'company' }, { count: { object: 'behaviour', via: 'subject' }, where: { field: 'page', op: 'contains', value: '/pricing' }, within: '7d', at: 'occurred_at', op: 'ge', value: 1 }] } },
  { key: 'law_parent', label: { zh: '客户已知', en: 'Known' }, group: 'law', trigger: { on: 'created', object: 'contact' }, priority: 100, actions: [{ do: 'tag', add: ['高意向'] }],
    condition: { parent: 'customer', where: { field: 'level', op: 'notEmpty' } } },
  // What steers a run is decided by what it saw as well, each time it comes there.
  { key: 'law_forks', label: { zh: '分情况', en: 'Forks' }, group: 'law', trigger: { on: 'created', object: 'lead' }, priority: 100, condition: { all: [] }, actions: [
    { do: 'branch', condition: { field: 'budget_min', op: 'ge', value: '1000000' }, yes: [{ do: 'tag', add: ['高意向'] }], no: [{ do: 'tag', add: ['价格敏感型'] }] },
    { do: 'waitUntil', until: { any: [{ field: 'company', op: 'contains', value: '1' }, { count: { object: 'behaviour', via: 'subject' }, op: 'ge', value: 1 }] }, atMost: '40h', yes: [], no: [] },
    { do: 'branch', condition: { count: { object: 'behaviour', via: 'subject' }, where: { field: 'page', op: 'contains', value: '/pricing' }, op: 'ge', value: 1 }, yes: [{ do: 'tag', add: ['数据悬停'] }], no: [] }] },
]

let home: FreshTenant
beforeAll(async () => {
  home = await freshTenant({ solution: loadSolution('crm') })
  const { db, tenant } = home
  const published = await db.mutate(tenant, (tx) => publishAll({ tx, actor }, RULES.map((body) => ({ kind: 'rule' as const, key: body.key, body, state: 'active' as const }))))
  if (!published.ok) throw new Error(JSON.stringify(published))
  await db.mutate(tenant, async (tx) => {
    const { id: team } = await createTeam(await kernelContext(tx, actor, { kind: 'definition' }), { name: '销售部', parent: null })
    const ctx = await kernelContext(tx, actor, { kind: 'definition' })
    for (const n of [1, 2, 3]) await createMember(ctx, { name: `成员${n}`, email: `m${n}@law.example`, roles: [n === 1 ? 'supervisor' : 'sales'], team, capability: { skills: ['*'], regions: [], capacity: 100_000 } })
  })
})
afterAll(() => home.drop())

test('every run is decided again as it was, from what it saw, at its instant, by the version that ran', async () => {
  await history()
  const { db, tenant } = home
  const runs = await db.read(tenant, (tx) => tx.query<Run>(`select r.rule, r.version, r.object, r.seen, r.started_at as at, d.body->'condition' as condition from {t}.run r
    join {t}.definition_version d on d.kind = 'rule' and d.key = r.rule and d.version = r.version where r.status in ('done', 'skipped', 'waiting') and r.head is null`))
  expect([...new Set(runs.map(({ rule }) => rule))]).toEqual(expect.arrayContaining(['r1_tag', 'r1_assign', 'r2_behaviour', 'r3_escalate', 'law_active', 'law_parent']))
  const metadata = await db.read(tenant, metadataOf)
  const forks = await db.read(tenant, (tx) => tx.query<Fork>(`select r.object, r.started_at as at, r.steps, d.body as rule from {t}.run r join {t}.definition_version d on d.kind = 'rule' and d.key = r.rule and d.version = r.version where r.rule = 'law_forks'`))
  const holds = ({ object, at, condition }: Pick<Run, 'object' | 'at' | 'condition'>, own: SeenKept['own'], seen: Seen): boolean => {
    const result = checkCondition(condition, metadata.conditionSchema(object), 'rule')
    return result.ok && toPredicate(result.checked)(own, seen, { now: at, zone: tenant.zone, me: 0, myTeams: [], calendar: workingCalendar() })
  }
  const otherwise = runs.filter((run) => run.seen === null || !holds(run, run.seen.own, again(run.seen)))
  expect(otherwise.map(({ rule, seen }) => ({ rule, seen }))).toEqual([])
  const ways = forks.flatMap(({ object, at, steps, rule }) => steps.flatMap((step) => {
    const asked = stepsIn(rule.actions).find(({ path }) => path === step.path)?.step
    const condition = asked?.do === 'branch' ? asked.condition : asked?.do === 'waitUntil' ? asked.until : undefined
    const saw = step['saw'] as SeenKept | undefined
    return condition && saw ? [{ path: step.path, went: step['went'], again: holds({ object, at, condition }, saw.own, again(saw)) }] : []
  }))
  expect(ways.filter(({ went, again: holdsAgain }) => holdsAgain !== (went === 'yes' || went === 'met'))).toEqual([])
  expect([...new Set(ways.map(({ path, went }) => `${path} ${String(went)}`))].sort()).toEqual(['0 no', '0 yes', '1 late', '1 met', '2 no', '2 yes'])
  // A decision that lacks something it needs throws; these two needed children and the parent.
  expect(runs.some(({ rule, seen }) => rule === 'law_active' && Object.keys(seen?.aggregates ?? {}).length > 0)).toBe(true)
  expect(runs.some(({ rule, seen }) => rule === 'law_parent' && seen?.parents?.['customer'] !== undefined)).toBe(true)
})

interface Fork { object: string; at: Date; steps: Step[]; rule: Rule }
interface Run { rule: string; version: number; object: string; seen: SeenKept | null; at: Date; condition: Condition }

const again = ({ parents = {}, aggregates = {}, changes }: SeenKept): Seen => ({
  aggregates, parents: Object.fromEntries(Object.entries(parents).map(([field, kept]) => [field, { image: kept.own, seen: again(kept) }])), ...(changes && { changes: changes as NonNullable<Seen['changes']> }),
})

/** Forms, behaviour, follow-up by nobody: 80 hours later the countdowns have run out. */
async function history(): Promise<void> {
  const leads = await writeAll(Array.from({ length: LEADS }, (_, i): Intent => ({ op: 'create', object: 'lead', values: { name: `客户${i}`, phone: `+86138${String(i).padStart(8, '0')}`, industry: i % 2 ? 'auto_parts' : 'pcb', need_type: 'mes', budget_min: String(i * 40_000), form_source: '官网定价页' } })))
  await drain(home.db, home.tenant)
  await writeAll(leads.flatMap((id, i): Intent[] => (i % 3 === 0 ? [{ op: 'create', object: 'behaviour', values: { subject: { object: 'lead', id }, kind: 'view', page: i % 2 ? '/pricing' : '/cases', occurred_at: new Date().toISOString() } }] : [{ op: 'update', object: 'lead', id, values: { company: `公司${i}` } }])))
  const customers = await writeAll([0, 1, 2].map((i): Intent => ({ op: 'create', object: 'customer', values: { name: `客户公司${i}`, ...(i && { level: 'a' }) } })))
  await writeAll(customers.map((customer, i): Intent => ({ op: 'create', object: 'contact', values: { name: `联系人${i}`, customer } })))
  await drain(home.db, home.tenant)
  await advanceClock(home.db, home.tenant, 80 * 3_600_000)
  await drain(home.db, home.tenant)
}

async function writeAll(intents: readonly Intent[]): Promise<string[]> {
  const ids: string[] = []
  for (let at = 0; at < intents.length; at += 500) {
    const result = await home.db.mutate(home.tenant, async (tx) => write(await kernelContext(tx, { kind: 'source', form: 'pricing' }, { kind: 'source', form: 'pricing' }), intents.slice(at, at + 500)))
    if (!result.ok) throw new Error(JSON.stringify(result.refusals[0]))
    ids.push(...result.written.map(({ id }) => id))
  }
  return ids
}
