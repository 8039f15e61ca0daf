import { Solution } from '#language/definitions'
import { kernelContext, memberContext, type Context } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { type FreshTenant, freshTenant } from '../../../../test/tenant.ts'

const label = (zh: string, en: string) => ({ zh, en })
const words = (...keys: string[]) => keys.map((key) => ({ key, label: label(key, key) }))

/** A repair workshop: jobs that count as load, visits that stamp them, readings that are never edited. */
export const WORKSHOP: Solution = Solution.parse({
  key: 'workshop', label: label('维修站', 'Workshop'), version: '1', activeRules: ['closed'],
  dictionary: [
    { key: 'job_state', label: label('状态', 'State'), options: [...words('open', 'busy', 'closed'), { key: 'old', label: label('旧', 'Old'), off: true }] },
    { key: 'part', label: label('部件', 'Part'), options: words('screen', 'battery', 'case') },
  ],
  object: [
    { key: 'site', label: label('网点', 'Site'), title: 'name', fields: [{ key: 'name', label: label('名称', 'Name'), kind: 'text', required: true, searchable: true }] },
    {
      key: 'job', label: label('维修单', 'Job'), title: 'name', load: { kind: 'job', while: { not: { field: 'state', op: 'eq', value: 'closed' } } }, fields: [
        { key: 'name', label: label('名称', 'Name'), kind: 'text', required: true, sortable: true, searchable: true, max: 40 },
        { key: 'serial', label: label('序列号', 'Serial'), kind: 'text', unique: true },
        { key: 'phone', label: label('电话', 'Phone'), kind: 'phone', searchable: true },
        { key: 'price', label: label('报价', 'Price'), kind: 'money', sortable: true },
        { key: 'count', label: label('件数', 'Count'), kind: 'integer', check: { condition: { any: [{ field: 'count', op: 'empty' }, { field: 'count', op: 'gt', value: 0 }] }, message: label('必须大于零', 'must be above zero') } },
        { key: 'state', label: label('状态', 'State'), kind: 'select', dictionary: 'job_state', default: 'open' },
        { key: 'parts', label: label('部件', 'Parts'), kind: 'multiselect', dictionary: 'part' },
        { key: 'due', label: label('到期日', 'Due'), kind: 'date', sortable: true },
        { key: 'received', label: label('收到', 'Received'), kind: 'datetime', default: { now: true } },
        { key: 'note', label: label('备注', 'Note'), kind: 'long', searchable: true },
        { key: 'nick', label: label('绰号', 'Nickname'), kind: 'text', searchable: true },
        { key: 'email', label: label('邮箱', 'E-mail'), kind: 'email' },
        { key: 'link', label: label('链接', 'Link'), kind: 'url' },
        { key: 'urgent', label: label('加急', 'Urgent'), kind: 'boolean' },
        { key: 'area', label: label('地区', 'Area'), kind: 'region' },
        { key: 'site', label: label('网点', 'Site'), kind: 'reference', to: 'site' },
        { key: 'about', label: label('相关', 'About'), kind: 'anyReference', to: '*' },
        { key: 'checker', label: label('质检', 'Checker'), kind: 'member' },
        { key: 'photos', label: label('照片', 'Photos'), kind: 'file' },
        { key: 'secret', label: label('成本', 'Cost'), kind: 'money', sortable: true },
        { key: 'sealed', label: label('封存', 'Sealed'), kind: 'text', readOnly: true },
        { key: 'number', label: label('单号', 'Number'), kind: 'auto', auto: { prefix: 'J', digits: 4 } },
        { key: 'first_touch_at', label: label('首次联系', 'First touch'), kind: 'datetime', readOnly: true },
      ],
    },
    {
      key: 'visit', label: label('上门', 'Visit'), title: 'note', timeline: ['job'], scopeVia: 'job', activity: { subject: 'job', nextAt: 'next' }, fields: [
        { key: 'note', label: label('内容', 'Note'), kind: 'text' },
        { key: 'job', label: label('维修单', 'Job'), kind: 'reference', to: 'job', required: true },
        { key: 'next', label: label('下次', 'Next'), kind: 'datetime' },
      ],
    },
    {
      key: 'reading', label: label('读数', 'Reading'), title: 'value', immutable: true, timeline: ['about'], scopeVia: 'about', fields: [
        { key: 'about', label: label('对象', 'About'), kind: 'anyReference', to: ['job', 'site'] },
        { key: 'value', label: label('读数', 'Value'), kind: 'decimal' },
      ],
    },
  ],
  tag: [{ key: '急', label: label('急', 'Urgent') }, { key: '熟客', label: label('熟客', 'Regular') }, { key: '保密', label: label('保密', 'Sealed'), policy: true }],
  role: [
    { key: 'chief', label: label('主管', 'Chief'), rights: ['audit', 'definitions', 'tags'], home: 'team', objects: Object.fromEntries(['site', 'job', 'visit', 'reading'].map((key) => [key, { read: 'all', create: 'all', edit: 'all', delete: 'all', export: 'all', transfer: 'all', unlock: 'all' }])) },
    { key: 'fixer', label: label('技工', 'Fixer'), rights: [], home: 'workbench', objects: {
      site: { read: 'all' }, job: { read: 'own', create: 'own', edit: 'own', transfer: 'own', fields: { secret: { read: 'hidden' }, price: { write: false } } }, visit: { read: 'own', create: 'own', edit: 'own' }, reading: { read: 'own' } } },
    { key: 'lead', label: label('组长', 'Lead'), rights: [], home: 'team', objects: { job: { read: 'team', create: 'team', edit: 'team' }, visit: { read: 'own' } } },
    { key: 'area', label: label('片区', 'Area'), rights: [], home: 'team', objects: { job: { read: 'teamTree', create: 'teamTree', edit: 'own' } } },
    { key: 'watcher', label: label('旁观', 'Watcher'), rights: [], home: 'tasks', objects: { job: { read: 'all', edit: 'none', fields: { secret: { read: 'hidden' }, phone: { read: 'hidden' }, nick: { read: 'hidden' } } } } },
    { key: 'nobody', label: label('外人', 'Nobody'), rights: [], home: 'tasks', objects: {} },
  ],
  rule: [{ key: 'closed', label: label('完工', 'Closed'), trigger: { on: 'changed', object: 'job', fields: ['state'] }, condition: { changedTo: 'state', value: 'closed' }, priority: 1, actions: [{ do: 'tag', add: ['熟客'] }] }],
})

/** Teams: 1 north (above 2), 2 north-east, 3 south. */
const TEAMS: readonly [id: number, name: string, parent: number | null][] = [[1, '北', null], [2, '东北', 1], [3, '南', null]]
export const PEOPLE = { chief: 1, ann: 2, bob: 3, lead: 4, area: 5, watcher: 6, nobody: 7, gone: 8 } as const
export type Person = keyof typeof PEOPLE
const MEMBERS: readonly [person: Person, role: string, team: number][] = [
  ['chief', 'chief', 1], ['ann', 'fixer', 2], ['bob', 'fixer', 3], ['lead', 'lead', 2], ['area', 'area', 1], ['watcher', 'watcher', 3], ['nobody', 'nobody', 3], ['gone', 'fixer', 3],
]

export interface Workshop extends FreshTenant {
  /** One transaction as this member, or as the kernel on behalf of a rule. */
  as<T>(who: Person | 'kernel', work: (ctx: Context) => Promise<T>): Promise<T>
  looking<T>(who: Person | 'kernel', work: (ctx: Context) => Promise<T>): Promise<T>
}

export async function workshop(): Promise<Workshop> {
  const fresh = await freshTenant({ solution: WORKSHOP })
  const { db, tenant } = fresh
  await db.mutate(tenant, settle)
  const context = (tx: Tx, who: Person | 'kernel') => (who === 'kernel' ? kernelContext(tx, { kind: 'rule', key: 'closed', event: 7, depth: 1 }, { kind: 'rule', rule: 'closed', event: 7, depth: 1 }) : memberContext(tx, PEOPLE[who], { id: 'req', ip: '10.0.0.1', agent: 'test', lang: 'zh' }))
  return {
    ...fresh,
    as: (who, work) => db.mutate(tenant, async (tx) => work(await context(tx, who))),
    looking: (who, work) => db.read(tenant, async (tx) => work(await context(tx, who))),
  }
}

async function settle(tx: Tx): Promise<void> {
  for (const [id, name, parent] of TEAMS) await tx.query('insert into {t}.team (id, name, parent) values ($1, $2, $3)', [id, name, parent])
  for (const [person, role, team] of MEMBERS) {
    await tx.query('insert into {t}.member (id, name, roles, team, state, created_at) values ($1, $2, $3, $4, $5, $6)', [PEOPLE[person], person, [role], team, person === 'gone' ? 'suspended' : 'active', tx.now])
  }
  await bumpEpoch(tx)
}
