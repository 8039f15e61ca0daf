import type { Context } from '#kernel/access'
import { hashOf } from '#kernel/metadata'
import { type BroughtItem, objectOf, STATE } from '#kernel/solutions'
import { BASE_FIELDS, type DefinitionKind, type Rule } from '#language/definitions'
import { conditionSentence, ruleSentence, type Sentence } from './rule-sentence.ts'

export interface Said { where: Sentence; before: Sentence | null; after: Sentence | null }
type Node = Readonly<Record<string, unknown>>
interface Telling { ctx: Context; kind: DefinitionKind; object: string; whole: unknown }
interface Step { property: string; object: string; where: Sentence[] }

/** Where two bodies of a definition differ, part by part in words; of a rule, what it does as one sentence. */
export async function changesSaid(ctx: Context, { kind, mine, next, state }: Pick<BroughtItem, 'kind' | 'mine' | 'next' | 'state'>): Promise<Said[]> {
  if (mine === null || next === null) return []
  const telling = { ctx, kind, object: objectOf(kind, next), whole: next }
  const [was, is] = [mine as Node, next as Node]
  const spoken = kind === 'rule' && DOES.some((part) => differ(was[part], is[part]))
  const sentence: Said[] = spoken ? [{ where: both('规则', 'Rule'), before: await ruleSaid(ctx, was), after: await ruleSaid(ctx, is) }] : []
  const parts = spoken ? [without(was), without(is)] as const : [was, is] as const
  const found: Said[] = []
  await compare(telling, parts, { property: '', object: telling.object, where: [] }, found)
  const switched = state.mine !== state.next ? [{ where: WORDS[STATE]!, before: textOf(state.mine), after: textOf(state.next) }] : []
  return [...sentence, ...found, ...switched].slice(0, MOST)
}
const MOST = 60
const DOES = ['trigger', 'condition', 'actions'] as const
const without = (rule: Node): Node => Object.fromEntries(Object.entries(rule).filter(([part]) => !(DOES as readonly string[]).includes(part)))

export interface PartSaid { field: string; label: Sentence; before: Sentence | null; after: Sentence | null }

/** What the log keeps of a publication, part by part in words. `standing`: as it is now, where it is still there. */
export async function logSaid(ctx: Context, { kind, standing, fields }: { kind: DefinitionKind; standing: unknown; fields: Readonly<Record<string, readonly [unknown, unknown]>> }): Promise<PartSaid[]> {
  const of = (side: 0 | 1): Node => Object.fromEntries(Object.entries(fields).map(([part, sides]) => [part, sides[side]]).filter(([, value]) => value !== null))
  const whole = { ...(standing as Node | null), ...of(0), ...of(1) }
  const telling: Telling = { ctx, kind, object: objectOf(kind, whole), whole }
  const parts = Object.entries(fields).filter(([part]) => part !== 'key' && (part !== 'state' || kind === 'rule')).sort(([a], [b]) => Number(b === 'label') - Number(a === 'label'))
  const said = await Promise.all(parts.map(async ([part, [was, is]]): Promise<PartSaid[]> => {
    if (part === '$declassifies') return [{ field: part, label: both('从中可推知', 'Tells of'), before: null, after: toldOf(ctx, is) }]
    if (part === 'state') return [{ field: part, label: WORDS[STATE]!, before: was === null ? null : textOf(was), after: is === null ? null : textOf(is) }]
    const step: Step = { property: part, object: telling.object, where: [WORDS[part] ?? both(part, part)] }
    if (was === null || is === null) return [{ field: part, label: joined(step.where), before: await valueSaid(telling, was, step), after: await valueSaid(telling, is, step) }]
    const found: Said[] = []
    await compare(telling, [was, is], step, found)
    return found.map(({ where, before, after }, i) => ({ field: i === 0 ? part : `${part}.${i}`, label: where, before, after }))
  }))
  return said.flat().slice(0, MOST)
}

/** Derived fields that a role reads without reading all that they follow from. */
function toldOf(ctx: Context, opened: unknown): Sentence | null {
  const names = (Array.isArray(opened) ? opened as { inputs?: readonly string[] }[] : []).flatMap(({ inputs = [] }) => inputs.map((input) => { const [object = '', key = ''] = input.split('.'); return fieldName(ctx, object, key) }))
  return names.length > 0 ? listed([...new Map(names.map((name) => [name.zh, name])).values()]) : null
}

/** A place where both changed the same, and what it would say either way. */
export async function conflictSaid(ctx: Context, item: Pick<BroughtItem, 'kind' | 'mine' | 'next'>, { path, mine, theirs }: { path: string; mine: unknown; theirs: unknown }) {
  const kind = item.kind
  const whole = item.next ?? item.mine
  const telling = { ctx, kind, object: objectOf(kind, whole), whole }
  const step = placeOf(telling, path)
  if (kind === 'rule' && (DOES as readonly string[]).includes(path)) {
    const said = (value: unknown) => ruleSaid(ctx, { ...(item.mine as Node), [path]: value })
    return { path, where: WORDS[path] ?? both('规则', 'Rule'), mine: await said(mine), theirs: await said(theirs) }
  }
  return { path, where: joined(step.where), mine: await valueSaid(telling, mine, step), theirs: await valueSaid(telling, theirs, step) }
}

async function compare(telling: Telling, [was, is]: readonly [unknown, unknown], step: Step, found: Said[]): Promise<void> {
  if (!differ(was, is)) return
  if (isPlain(was) && isPlain(is) && !isLeaf(was, step)) {
    for (const key of new Set([...Object.keys(is), ...Object.keys(was)])) await compare(telling, [was[key], is[key]], into(telling, step, key, is[key] ?? was[key]), found)
    return
  }
  const [a, b] = [keyed(was), keyed(is)]
  if (a && b && (a.size > 0 || b.size > 0)) {
    for (const key of new Set([...b.keys(), ...a.keys()])) await compare(telling, [a.get(key), b.get(key)], within(telling, step, key, b.get(key) ?? a.get(key)), found)
    return
  }
  found.push({ where: joined(step.where), before: await valueSaid(telling, was, step), after: await valueSaid(telling, is, step) })
}

const isLeaf = (value: Node, { property }: Step): boolean => isLabel(value) || CONDITIONS.has(property)
const isLabel = (value: unknown): value is Sentence => isPlain(value) && typeof value['zh'] === 'string' && typeof value['en'] === 'string' && Object.keys(value).length === 2

/** One property deeper. Under what is named by objects or fields, those are called by their names. */
function into({ ctx, kind }: Telling, { property, object, where }: Step, key: string, value: unknown): Step {
  const own = isPlain(value) && typeof value['object'] === 'string' ? value['object'] : object
  if (property === 'objects' && kind === 'role') return { property: '', object: key, where: [...where.slice(0, -1), ctx.metadata.objects.get(key)?.label ?? both(key, key)] }
  if (BY_FIELD.has(property)) return { property: key, object: own, where: [...where.slice(0, -1), fieldName(ctx, object, key)] }
  return { property: key, object: own, where: [...where, WORDS[key] ?? both(key, key)] }
}

function within(_telling: Telling, { property, object, where }: Step, key: string, value: unknown): Step {
  const name = isPlain(value) ? (isLabel(value['label']) ? value['label'] : isLabel(value['title']) ? value['title'] : both(key, key)) : both(key, key)
  const one = ONE[property] ?? WORDS[property] ?? both(property, property)
  return { property: '', object: isPlain(value) && typeof value['object'] === 'string' ? value['object'] : object, where: [...where.slice(0, -1), both(`${one.zh}「${name.zh}」`, `${one.en} “${name.en}”`)] }
}

/** From `fields.price.label.zh` to 「字段「价格」 · 名称 · 中文」. */
function placeOf(telling: Telling, path: string): Step {
  let [step, at]: [Step, unknown] = [{ property: '', object: telling.object, where: [] }, telling.whole]
  for (const key of path.split('.').filter(Boolean)) {
    const list = keyed(at)
    const next = list ? list.get(key) : isPlain(at) ? at[key] : undefined
    step = list ? within(telling, step, key, next) : into(telling, step, key, next)
    at = next
  }
  return step.where.length > 0 ? step : { ...step, where: [both('整项', 'All of it')] }
}

async function valueSaid({ ctx, kind }: Telling, value: unknown, { property, object }: Step): Promise<Sentence | null> {
  if (value === undefined || value === null) return null
  if (kind === 'role' && typeof value === 'string' && RIGHTS[property === 'home' ? `home_${value}` : value]) return RIGHTS[property === 'home' ? `home_${value}` : value]!
  if (CONDITIONS.has(property) && isPlain(value) && ctx.metadata.objects.has(object)) {
    const { sentence } = await conditionSentence(ctx, ctx.metadata.conditionSchema(object), value)
    if (sentence) return sentence.zh === '' ? both('总是', 'always') : sentence
  }
  if (property === 'object' && typeof value === 'string') return ctx.metadata.objects.get(value)?.label ?? both(value, value)
  if (FIELD_NAMES.has(property) && typeof value === 'string') return fieldName(ctx, object, value)
  if (BY_FIELD.has(property) || FIELD_LISTS.has(property)) {
    const keys = Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : null
    if (keys) return listed(keys.map((key) => fieldName(ctx, object, key)))
  }
  return textOf(value)
}

function textOf(value: unknown): Sentence {
  if (value === null || value === undefined) return both('—', '—')
  if (typeof value === 'boolean') return value ? both('是', 'yes') : both('否', 'no')
  if (typeof value === 'string' && STATES[value]) return STATES[value]
  if (typeof value === 'string' || typeof value === 'number') return value === '' ? both('（空）', '(empty)') : both(short(`${value}`), short(`${value}`))
  if (isLabel(value)) return value
  if (Array.isArray(value)) return value.every((each) => typeof each !== 'object') ? listed(value.map((each) => both(String(each), String(each)))) : both(`${value.length} 项`, `${value.length} items`)
  const named = (value as Node)['label'] ?? (value as Node)['title']
  return isLabel(named) ? named : both(short(JSON.stringify(value)), short(JSON.stringify(value)))
}

const FEW = 12
function listed(names: readonly Sentence[]): Sentence {
  const [shown, more] = [names.slice(0, FEW), names.length - FEW]
  return both(shown.map(({ zh }) => zh).join('、') + (more > 0 ? `，等 ${names.length} 项` : '') || '（空）', shown.map(({ en }) => en).join(', ') + (more > 0 ? ` and ${more} more` : '') || '(none)')
}

/** A body that does not fit is not read out: why it does not is said beside it. */
async function ruleSaid(ctx: Context, rule: Node): Promise<Sentence | null> {
  try { return (await ruleSentence(ctx, rule as unknown as Rule)).sentence } catch { return null }
}

function keyed(value: unknown): Map<string, unknown> | null {
  if (value === undefined) return new Map()
  if (!Array.isArray(value)) return null
  const keys = value.map((each) => (isPlain(each) && typeof each['key'] === 'string' ? each['key'] : null))
  return keys.every((key) => key !== null) && new Set(keys).size === keys.length ? new Map(value.map((each, i) => [keys[i]!, each])) : null
}

const fieldName = ({ metadata }: Context, object: string, key: string): Sentence => metadata.objects.get(object)?.field.get(key)?.label ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label ?? both(key, key)
const isPlain = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
const differ = (a: unknown, b: unknown): boolean => hashOf(a ?? null) !== hashOf(b ?? null)
const both = (zh: string, en: string): Sentence => ({ zh, en })
const LONG = 160
const short = (text: string): string => (text.length > LONG ? `${text.slice(0, LONG)}…` : text)
const joined = (where: readonly Sentence[]): Sentence => both(where.map(({ zh }) => zh).join(' · '), where.map(({ en }) => en).join(' · '))

const CONDITIONS: ReadonlySet<string> = new Set(['condition', 'when', 'while', 'filter', 'where', 'if', 'rows', 'open', 'person', 'complete', 'premium', 'until'])
const BY_FIELD: ReadonlySet<string> = new Set(['fields', 'masks', 'set', 'values', 'enter', 'claim', 'constants'])
const FIELD_NAMES: ReadonlySet<string> = new Set(['field', 'title', 'skillField', 'regionField', 'regionFallbackField', 'ownerOf', 'scopeVia', 'ownerVia', 'participants'])
const FIELD_LISTS: ReadonlySet<string> = new Set(['columns', 'visible', 'subtitle', 'timeline', 'follow', 'ask', 'page', 'create'])
const STATES: Readonly<Record<string, Sentence>> = { active: both('启用', 'on'), paused: both('暂停', 'paused'), template: both('模板', 'template') }
const RIGHTS: Readonly<Record<string, Sentence>> = {
  none: both('无', 'none'), own: both('本人的', 'own'), team: both('本部门', 'own team'), teamTree: both('本部门及下级', 'own team and below'), all: both('全部', 'all'), full: both('完整', 'in full'), hidden: both('看不到', 'hidden'), star: both('打星号', 'starred'), last4: both('后四位', 'last four'),
  home_workbench: both('今日作战台', 'Today'), home_team: both('团队看板', 'The team'), home_tasks: both('待办', 'Tasks'), home_panorama: both('客户全景', 'Panorama'),
}
const ONE: Readonly<Record<string, Sentence>> = { fields: both('字段', 'Field'), options: both('选项', 'Option'), tiles: both('图块', 'Tile'), materials: both('资料', 'Material'), columns: both('列', 'Column') }
const WORDS: Readonly<Record<string, Sentence>> = {
  [STATE]: both('启停', 'On or off'), label: both('名称', 'Name'), zh: both('中文', '中文'), en: both('英文', 'English'), note: both('说明', 'Note'), help: both('提示', 'Help'), plural: both('复数名称', 'Plural'), icon: both('图标', 'Icon'), fields: both('字段', 'Fields'), options: both('选项', 'Options'), required: both('必填', 'Required'), unique: both('不能重复', 'Unique'), readOnly: both('只读', 'Read only'), default: both('默认值', 'Default'), dictionary: both('字典', 'Dictionary'), to: both('指向', 'Points to'), check: both('校验', 'Check'), message: both('提示语', 'Message'),
  max: both('最长', 'Longest'), sortable: both('可排序', 'Sortable'), searchable: both('可搜索', 'Searchable'), formula: both('公式', 'Formula'), rollup: both('汇总', 'Roll-up'), group: both('分组', 'Group'), groups: both('分组', 'Groups'), personal: both('个人信息', 'Personal data'), open: both('还没结束的条件', 'Still open while'), load: both('负载', 'Load'), while: both('条件', 'While'), title: both('标题', 'Title'), subtitle: both('副标题', 'Subtitle'), condition: both('条件', 'Condition'), when: both('条件', 'When'), filter: both('筛选', 'Filter'), where: both('条件', 'Where'), rows: both('能看的记录', 'Rows'),
  trigger: both('触发', 'Trigger'), actions: both('动作', 'Actions'), priority: both('先后', 'Priority'), team: both('部门', 'Team'), teams: both('部门', 'Teams'), members: both('成员', 'Members'), roles: both('角色', 'Roles'), colour: both('颜色', 'Colour'), policy: both('决定权限', 'Decides rights'), segment: both('动态标签', 'Segment'), levels: both('级别', 'Levels'), weights: both('权重', 'Weights'), skill: both('能力', 'Skill'), region: both('地区', 'Region'), fallback: both('兜底', 'Fallback'), exclusions: both('不分配的情况', 'Exclusions'), active: both('启用', 'On'), order: both('顺序', 'Order'), sort: both('排序', 'Sort'), columns: both('列', 'Columns'), tiles: both('图块', 'Tiles'), firstFor: both('默认打开的角色', 'Opens first for'),
  objects: both('对象权限', 'Rights on objects'), rights: both('管理权限', 'Administrative rights'), read: both('可读', 'Read'), write: both('可写', 'Write'), edit: both('修改', 'Edit'), delete: both('删除', 'Delete'), transfer: both('转移', 'Transfer'), export: both('导出', 'Export'), import: both('导入', 'Import'), home: both('首页', 'Home'), effect: both('作用', 'Effect'), who: both('对谁', 'Whom'), except: both('除了', 'Except'), scenarios: both('场景', 'Scenarios'), time: both('时间', 'Time'), network: both('网络', 'Network'), off: both('停用', 'Off'),
  intro: both('开头的话', 'Introduction'), consent: both('同意条款', 'Consent'), text: both('文字', 'Text'), version: both('版本', 'Version'), purpose: both('目的', 'Purpose'), origins: both('可嵌入的网站', 'Origins'), joinDays: both('合并天数', 'Join days'), perMinutePerIp: both('每分钟次数', 'Per minute'), set: both('写入', 'Writes'), lock: both('锁定', 'Lock'), targets: both('转成什么', 'Becomes'), hints: both('提示', 'Hints'), hidden: both('隐藏', 'Hidden'), page: both('记录页', 'Page'), create: both('新建', 'Create'), blocks: both('内容', 'Blocks'), footer: both('页脚', 'Footer'), logo: both('标志', 'Logo'), address: both('地址', 'Address'), bank: both('开户行', 'Bank'), phone: both('电话', 'Phone'), taxNo: both('税号', 'Tax number'), name: both('名称', 'Name'),
  object: both('对象', 'Object'), owner: both('归谁', 'Whose'), shared: both('共享', 'Shared'), kind: both('类型', 'Kind'), field: both('字段', 'Field'), mode: both('方式', 'Mode'), skillField: both('能力字段', 'Skill field'), regionField: both('地区字段', 'Region field'), regionFallbackField: both('备用地区字段', 'Other region field'), skillFit: both('能力匹配', 'Skill fit'), regionFit: both('地区匹配', 'Region fit'), preferLoadBelow: both('优先负载率低于', 'Prefer load below'), regionOnly: both('只给本地区', 'Region only'), excludeMissingSkill: both('能力不符不分', 'Skill required'), completeness: both('资料完整率', 'Completeness'), onDuty: both('只给值班的', 'On duty'), ownerOf: both('沿用负责人', 'Owner of'), pools: both('公海', 'Pools'),
  identity: both('识别字段', 'Identity'), existing: both('已有记录', 'Existing'), lookups: both('查找', 'Look-ups'), constants: both('固定值', 'Constants'), context: both('来源信息', 'Context'), reopen: both('重新打开', 'Reopening'), behaviour: both('行为记录', 'Behaviours'), honeypot: both('防机器人', 'Trap'), materials: both('资料', 'Materials'), ask: both('询问', 'Asks'), right: both('需要的权限', 'Right'), release: both('放开负责人', 'Releases'), keepTags: both('标签留下', 'Keeps tags'), lines: both('明细', 'Lines'), timeline: both('动态', 'Timeline'), scopeVia: both('跟随', 'Follows'), ownerVia: both('归属跟随', 'Owner follows'), participants: both('参与人', 'Participants'), event: both('日程', 'Event'), shift: both('排班', 'Shift'), immutable: both('只增不改', 'Append only'), activity: both('跟进', 'Activity'), comment: both('评论', 'Comments'), follow: both('关注字段', 'Followed fields'), part: both('明细行', 'Part'), keepDeleted: both('回收站天数', 'Days in the bin'), person: both('代表个人', 'Stands for a person'),
  weekdays: both('上班日', 'Weekdays'), opens: both('上班时间', 'Opens'), closes: both('下班时间', 'Closes'), source: both('来源', 'Source'), holidays: both('假日', 'Holidays'), instead: both('代替', 'Instead of'), result: both('结果', 'Result'), nextAt: both('下次时间', 'Next'), subject: both('跟进对象', 'Subject'), starts: both('开始', 'Starts'), ends: both('结束', 'Ends'), place: both('地点', 'Place'), link: both('链接', 'Link'), parent: both('上级', 'Parent'), take: both('取', 'Takes'), of: both('取哪个', 'Of'), via: both('经由', 'Via'), copy: both('带出', 'Copied'), auto: both('自动编号', 'Automatic number'), prefix: both('前缀', 'Prefix'), digits: both('位数', 'Digits'), pool: both('公海', 'Pool'), show: both('显示', 'Shows'), split: both('拆分', 'Split'),
  width: both('宽', 'Width'), height: both('高', 'Height'), limit: both('条数', 'Limit'), measure: both('统计', 'Measure'), period: both('时段', 'Period'), places: both('去向', 'Places'), visible: both('可见字段', 'Visible'), masks: both('脱敏', 'Masks'), enter: both('进入时写', 'On entering'), claim: both('领取时写', 'On claiming'), coolOff: both('冷却', 'Cool-off'), recycle: both('回收', 'Recycling'), after: both('多久', 'After'), notice: both('提前提醒', 'Notice'), week: both('每周', 'Week'), years: both('年份', 'Years'), reason: both('理由', 'Reason'), danger: both('醒目', 'Danger'), value: both('值', 'Value'),
}
