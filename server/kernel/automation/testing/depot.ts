import { kernelContext, memberContext, type Actor, type Cause, type Context } from '#kernel/access'
import { bumpEpoch, publish, setRuleState } from '#kernel/metadata'
import { writeOrRefuse, type Intent, type RecordImage, readRecords, type Values } from '#kernel/records'
import { Solution, type Action, type Rule } from '#language/definitions'
import { advanceClock, ids, type Tx } from '#platform/db'
import { type FreshTenant, freshTenant } from '../../../../test/tenant.ts'
import { drain } from '../index.ts'

const label = (zh: string) => ({ zh, en: zh })
const words = (...keys: string[]) => keys.map((key) => ({ key, label: label(key) }))
const PARCEL_SCANS = { object: 'scan', via: 'parcel' }

/** A depot: parcels that are assigned and graded, scans that grade them, errands with deadlines, hubs that own parcels. */
export const DEPOT: Solution = Solution.parse({
  key: 'depot', label: label('仓'), version: '1', activeRules: [],
  dictionary: [
    { key: 'goods', label: label('货'), options: [...words('food', 'glass'), { key: 'fruit', label: label('水果'), parent: 'food' }, { key: 'meat', label: label('肉'), parent: 'food' }] },
    { key: 'state', label: label('状态'), options: words('new', 'waiting', 'shipped') },
    { key: 'grade', label: label('级'), options: words('red', 'yellow', 'green') },
    { key: 'open', label: label('开'), options: words('open', 'done') },
  ],
  object: [
    { key: 'hub', label: label('站'), title: 'name', fields: [{ key: 'name', label: label('名'), kind: 'text' }, { key: 'vip', label: label('要'), kind: 'boolean' }] },
    { key: 'parcel', label: label('包裹'), title: 'name', load: { kind: 'parcel', while: { not: { field: 'state', op: 'eq', value: 'shipped' } } }, fields: [
      { key: 'name', label: label('名'), kind: 'text', required: true }, { key: 'worth', label: label('价值'), kind: 'money' }, { key: 'goods', label: label('货'), kind: 'select', dictionary: 'goods' },
      { key: 'region', label: label('地区'), kind: 'region' }, { key: 'state', label: label('状态'), kind: 'select', dictionary: 'state', default: 'new' }, { key: 'grade', label: label('级'), kind: 'select', dictionary: 'grade', readOnly: true },
      { key: 'hub', label: label('站'), kind: 'reference', to: 'hub' }, { key: 'note', label: label('注'), kind: 'text' }, { key: 'count', label: label('数'), kind: 'integer' },
      { key: 'serial', label: label('号'), kind: 'text', unique: true }, { key: 'promised', label: label('承诺日'), kind: 'date' }, { key: 'seen_at', label: label('见'), kind: 'datetime' }, { key: 'hold', label: label('留'), kind: 'text', max: 5 },
    ] },
    { key: 'scan', label: label('扫描'), title: 'kind', immutable: true, timeline: ['parcel'], fields: [{ key: 'parcel', label: label('包裹'), kind: 'reference', to: 'parcel' }, { key: 'kind', label: label('类'), kind: 'text' }] },
    { key: 'errand', label: label('差事'), title: 'title', fields: [
      { key: 'title', label: label('题'), kind: 'text' }, { key: 'about', label: label('关于'), kind: 'anyReference', to: ['parcel', 'hub'] }, { key: 'state', label: label('状态'), kind: 'select', dictionary: 'open', default: 'open' },
      { key: 'due_at', label: label('到期'), kind: 'datetime' }, { key: 'late_at', label: label('晚'), kind: 'datetime' },
    ] },
    { key: 'visit', label: label('上门'), title: 'note', activity: { subject: 'parcel' }, fields: [{ key: 'note', label: label('注'), kind: 'text' }, { key: 'parcel', label: label('包裹'), kind: 'reference', to: 'parcel' }] },
  ],
  tag: ['hot', 'red', 'late', 'old', 'a', 'b', 'c'].map((key) => ({ key, label: label(key) })),
  role: [
    { key: 'courier', label: label('员'), rights: [], home: 'workbench', objects: { parcel: { read: 'own', create: 'own', edit: 'own', transfer: 'own', fields: { worth: { read: 'hidden' } } }, scan: { read: 'own' }, errand: { read: 'own', edit: 'own', create: 'own' } } },
    { key: 'chief', label: label('长'), rights: ['rules', 'definitions'], home: 'team', objects: Object.fromEntries(['hub', 'parcel', 'scan', 'errand', 'visit'].map((key) => [key, { read: 'all', create: 'all', edit: 'all', delete: 'all', transfer: 'all' }])) },
  ],
  form: [{
    key: 'door', label: label('门'), object: 'parcel', fields: [{ name: 'phone', field: 'note', label: label('话') }], identity: { field: 'note', kind: 'phone' }, joinDays: 0, existing: [], constants: {}, context: {},
    consent: { version: '1', purpose: 'x', text: label('同意') }, origins: [], honeypot: 'website', perMinutePerIp: 10, active: true,
  }],
  grading: [{ key: 'heat', label: label('热度'), object: 'parcel', field: 'grade', levels: [
    { value: 'red', reason: label('七天内扫描三次'), condition: { count: PARCEL_SCANS, within: '7d', op: 'ge', value: 3 } },
    { value: 'red', reason: label('标红'), condition: { field: 'tags', op: 'has', value: 'red' } },
    { value: 'yellow', reason: label('要紧的站'), condition: { parent: 'hub', where: { field: 'vip', op: 'eq', value: true } } },
    { value: 'green', reason: label('其余'), condition: { all: [] } },
  ] }],
  assignmentPolicy: [{
    key: 'able', label: label('按能力'), object: 'parcel', skillField: 'goods', regionField: 'region', weights: { skill: 0.4, region: 0.35, load: 0.25 }, skillFit: { same: 1, parent: 0.6, general: 0.4 },
    excludeMissingSkill: true, regionFit: { same: 1, area: 0.7, other: 0 }, regionOnly: false, preferLoadBelow: 0.65, roles: ['courier'], exclusions: [], fallback: { pool: 'region', alertRole: 'chief' }, ownerOf: 'hub', active: true,
  }],
})

/** Couriers 1–4 (capacity 5), the chief 5 above them, 6 suspended. */
export const COURIERS = [1, 2, 3, 4] as const
export const CHIEF = 5
export const SHANGHAI = '310000'

export interface Depot extends FreshTenant {
  /** Switches a rule on (or stores it in another state); what is not given: on creation of a parcel, always. */
  rule(rule: Partial<Rule> & Pick<Rule, 'key' | 'actions'>, state?: 'active' | 'paused' | 'template'): Promise<void>
  /** Switches a rule on that publishing would refuse: the engine does not rely on what was refused. */
  force(rule: Partial<Rule> & Pick<Rule, 'key' | 'actions'>): Promise<void>
  switchRule(key: string, state: 'active' | 'paused'): Promise<void>
  /** Writes as a form; `who`: as a member. */
  write(intents: readonly Intent[], who?: number): Promise<void>
  parcel(values?: Values, who?: number): Promise<string>
  drain(): ReturnType<typeof drain>
  /** The clock goes on by so many hours, and what fell due is done. */
  pass(hours: number): Promise<void>
  image(object: string, id: string): Promise<RecordImage>
  /** The keys of a parcel's tags. */
  tags(id: string): Promise<string[]>
  rows<R>(text: string, values?: unknown[]): Promise<R[]>
  within<T>(work: (ctx: Context) => Promise<T>): Promise<T>
}

export async function depot({ capacity = 5 }: { capacity?: number } = {}): Promise<Depot> {
  const home = await freshTenant({ solution: DEPOT })
  const { db, tenant } = home
  await db.mutate(tenant, (tx) => settle(tx, capacity))
  const within: Depot['within'] = (work) => db.mutate(tenant, async (tx) => work(await kernelContext(tx, ...FORM)))
  const rows: Depot['rows'] = (text, values) => db.read(tenant, (tx) => tx.query(text, values))
  const write: Depot['write'] = (intents, who) => db.mutate(tenant, async (tx) => void (await writeOrRefuse(who === undefined ? await kernelContext(tx, ...FORM) : await memberContext(tx, who), intents)))
  const rule: Depot['rule'] = (each, state = 'active') => within(async (ctx) => {
    const result = await publish(ctx, 'rule', each.key, { label: label(each.key), trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, priority: 10, ...each }, { state })
    if (!result.ok) throw new Error(JSON.stringify(result.refusals))
  })
  const image: Depot['image'] = (object, id) => db.read(tenant, async (tx) => (await readRecords(await kernelContext(tx, ...FORM), object, [id])).get(id)!)
  return {
    ...home, within, rows, write, rule, image,
    drain: () => drain(db, tenant),
    pass: async (hours) => { await advanceClock(db, tenant, Math.round(hours * HOUR)); await drain(db, tenant) },
    tags: async (id) => keysOf(await image('parcel', id)),
    force: async (each) => {
      await rule(each, 'template')
      await within(async ({ tx }) => { await tx.query(`update {t}.definition set state = 'active' where kind = 'rule' and key = $1`, [each.key]); await bumpEpoch(tx) })
    },
    switchRule: (key, state) => within(async (ctx) => void (await setRuleState(ctx, key, state))),
    parcel: async (values = {}, who) => {
      const id = ids.next()
      await write([{ op: 'create', object: 'parcel', id, values: { name: 'p', ...values } }], who)
      return id
    },
  }
}

const HOUR = 3_600_000
const FORM: [Actor, Cause] = [{ kind: 'source', form: 'door' }, { kind: 'source', form: 'door' }]

async function settle(tx: Tx, capacity: number): Promise<void> {
  const capability = JSON.stringify({ skills: ['fruit', '*'], regions: [SHANGHAI], capacity })
  for (const id of COURIERS) await tx.query(`insert into {t}.member (id, name, roles, supervisor, capability, created_at) values ($1, $2, '{courier}', $3, $4, $5)`, [id, `c${id}`, CHIEF, capability, tx.now])
  await tx.query(`insert into {t}.member (id, name, roles, created_at) values ($1, 'chief', '{chief}', $2)`, [CHIEF, tx.now])
  await tx.query(`insert into {t}.member (id, name, roles, state, capability, created_at) values (6, 'gone', '{courier}', 'suspended', $1, $2)`, [capability, tx.now])
  await bumpEpoch(tx)
}

export const keysOf = (image: RecordImage): string[] => [...image.tags].sort()

/** A step that adds these tags. */
export const tag = (...add: string[]): Action => ({ do: 'tag', add })
export const is = (field: string, value: unknown) => ({ field, op: 'eq', value }) as Rule['condition']
