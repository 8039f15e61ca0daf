import { ERRORS, filled, Refused, refused, type Refusal } from '#contract'
import { type Context, may, type MemberRow, memberRows } from '#kernel/access'
import { logHandout } from '#kernel/handout'
import type { Draft } from '#kernel/metadata'
import { type Allowed, bringIn, type BroughtItem, type BroughtPlan, type Choices, configurationImports, exportConfiguration, isCarried, isMembersOwn, isUntouched, planConfiguration, readConfiguration, type Sees, takeBack } from '#kernel/solutions'
import { actionsIn, CONFIGURATION_PARTS, CONFIGURATION_PART_KEYS, type ConfigurationFile, type ConfigurationPart, type Dashboard, type DefinitionKind, type Form, type Rule, type TagDefinition, type View } from '#language/definitions'
import { changesSaid, conflictSaid } from './configuration-words.ts'
import { lintOf } from './lint.ts'
import { checkMayPut, isOwn, isVisible, mayKind } from './may-put.ts'
import { iso, isoOrNull } from './presenting.ts'
import type { Sentence } from './rule-sentence.ts'
import type { Some } from './types.ts'

/** What is configured, carried from one workspace to another. */
export const configuration: Some<'configuration' | 'exportConfiguration' | 'planConfiguration' | 'importConfiguration' | 'undoConfiguration'> = {
  configuration: async (ctx) => {
    const counts = new Map((await ctx.tx.query<{ kind: DefinitionKind; n: number }>(`select kind, count(*)::int as n from {t}.definition group by kind`)).map(({ kind, n }) => [kind, n]))
    const own = ownOf(ctx).filter((each) => isCarried(each) && seesOf(ctx)(each))
    const carried = (kind: DefinitionKind) => (isOwn(kind) ? own.filter((each) => each.kind === kind).length : (counts.get(kind) ?? 0))
    const members = await memberRows(ctx.tx)
    const imports = (await configurationImports(ctx)).map(({ at, member, undoneAt, undoneBy, exportedAt, ...each }) => ({
      ...each, exportedAt, at: iso(at), by: member === null ? null : { kind: 'member' as const, id: member, name: members.get(member)?.name ?? `#${member}` }, undoneAt: isoOrNull(undoneAt), undoneBy: undoneBy === null ? null : (members.get(undoneBy)?.name ?? null),
    }))
    return { parts: CONFIGURATION_PART_KEYS.map((part) => ({ part, n: kindsOf(part).reduce((sum, kind) => sum + carried(kind), 0), theirs: own.filter((each) => kindsOf(part).includes(each.kind) && isMembersOwn(each)).length, kinds: [...kindsOf(part)], may: mayPart(ctx, part) })), imports }
  },
  exportConfiguration: async (ctx, { body: { parts } }) => {
    if (!parts.every((part) => mayPart(ctx, part))) refused('FORBIDDEN')
    const file = await exportConfiguration(ctx, parts.flatMap(kindsOf), seesOf(ctx))
    await logHandout(ctx, 'export', { name: `配置：${parts.map((part) => PARTS[part]).join('、')}`, records: Object.values(file.definitions).reduce((sum, each) => sum + each.length, 0), format: 'json', $hash: file.digest.slice(0, 16) })
    return file
  },
  planConfiguration: async (ctx, { body: { file: json, choices } }, { api }) => {
    const file = fileIn(json)
    const plan = await planConfiguration(ctx, { file, choices: choices as Choices, allowed: allowedTo(ctx, file), sees: seesOf(ctx) })
    return { from: { name: file.from.name, at: file.from.at, by: file.from.by }, untouched: isUntouched(file), items: await itemsSaid(ctx, plan, api.solutions.brings), people: plan.people.map(({ owner: _, ...person }) => person), stamp: plan.stamp }
  },
  importConfiguration: async (ctx, { body: { file: json, choices, name, stamp } }) => {
    const file = fileIn(json)
    const plan = await planConfiguration(ctx, { file, choices: choices as Choices, allowed: allowedTo(ctx, file), sees: seesOf(ctx) })
    if (plan.stamp !== stamp) refused('CONFIGURATION_MOVED')
    const { id, n } = await bringIn(ctx, plan, { file, name })
    return { id, n }
  },
  undoConfiguration: async (ctx, { params: { id } }) => {
    const labels = new Map(ctx.metadata.objects.entries().map(([key, { label }]) => [`object:${key}`, label]))
    const { n, left } = await takeBack(ctx, id, (draft) => whyNot(ctx, draft))
    return { n, left: left.map(({ kind, key, why }) => ({ kind, key, label: labels.get(`${kind}:${key}`) ?? { zh: key, en: key }, why: why ? sentenceOf(why) : { zh: '导入之后又改过', en: 'changed since' } })) }
  },
}

/** As the log keeps them. */
const PARTS: Record<ConfigurationPart, string> = { data: '对象与字段', automation: '自动化与分配', rights: '角色与权限', views: '视图', dashboards: '看板', forms: '表单', papers: '打印模板', calendar: '工作日历' }
const kindsOf = (part: ConfigurationPart): readonly DefinitionKind[] => CONFIGURATION_PARTS[part]
/** Whoever may change all of a part may take it along. */
const mayPart = (ctx: Context, part: ConfigurationPart): boolean => kindsOf(part).every((kind) => (kind === 'rule' ? may(ctx, 'rules') : isOwn(kind) ? may(ctx, 'definitions') : mayKind(ctx, kind)))

function fileIn(json: unknown): ConfigurationFile {
  const read = readConfiguration(json)
  return read.ok ? read.file : (() => { throw new Refused(read.refusal) })()
}

/** Bringing in takes the rights that publishing each of them would. A tag that comes along and decides permissions counts as one that is here. */
function allowedTo(ctx: Context, { definitions }: ConfigurationFile): Allowed {
  const deciding = new Set(((definitions.tag ?? []) as unknown as TagDefinition[]).filter(({ policy }) => policy).map(({ key }) => key))
  return (draft) => {
    const why = whyNot(ctx, draft)
    if (why || draft.kind !== 'rule' || draft.body === null || deciding.size === 0 || may(ctx, 'tags')) return why
    const sets = actionsIn((draft.body as Rule).actions).flatMap((action) => (action.do === 'tag' ? [...(action.add ?? []), ...(action.remove ?? [])] : [])).find((tag) => deciding.has(tag))
    return sets === undefined ? null : { code: 'POLICY_TAG_PROTECTED', params: { tag: sets } }
  }
}

function whyNot(ctx: Context, { kind, key, body }: Draft): Refusal | null {
  const standing = kind === 'rule' ? ctx.metadata.rules.get(key) : null
  // What they may not look at is in no plan; what an import brought goes back whoever it is shared with. What is a member's own affair stays theirs.
  const shared = isOwn(kind) && ownOf(ctx).find((each) => each.kind === kind && each.body.key === key)
  if (shared && isCarried(shared)) return may(ctx, 'definitions') ? null : { code: 'FORBIDDEN' }
  try {
    checkMayPut(ctx, kind, key, (body ?? (standing ? bodyOf(standing) : {})) as Record<string, unknown>)
    return null
  } catch (error) {
    if (error instanceof Refused) return error.refusal
    throw error
  }
}
/** Views and dashboards leave with, and are changed by, whoever may look at them here; all else goes by the right to publish it. */
const seesOf = (ctx: Context): Sees => (each) => !isOwn(each.kind) || isVisible(ctx, each)
const ownOf = ({ metadata }: Context) => [...metadata.views.values().map((body) => ({ kind: 'view' as const, body })), ...metadata.dashboards.values().map((body) => ({ kind: 'dashboard' as const, body }))]
const bodyOf = ({ state: _, version: _version, ...rule }: Rule & { state: string; version: number }): Rule => rule

async function itemsSaid(now: Context, { items, next }: BroughtPlan, brings: (file: string) => boolean) {
  const ctx = { ...now, metadata: next ?? now.metadata }
  const rules = items.flatMap(({ kind, key, draft }) => { const rule = kind === 'rule' && draft?.body ? ctx.metadata.rules.get(key) : undefined; return rule?.state === 'active' ? [rule] : [] })
  const [found, before] = [next ? await lintOf(ctx, next, rules) : new Map(), rules.length > 0 ? await lintOf(now, now.metadata, rules.filter(({ key }) => now.metadata.rules.get(key)?.state === 'active').map(({ key }) => now.metadata.rules.get(key)!)) : new Map()]
  const fresh = (key: string): Sentence[] => { const known = new Set((before.get(key) ?? []).map(({ message }: { message: Sentence }) => message.zh)); return (found.get(key) ?? []).map(({ message }: { message: Sentence }) => message).filter(({ zh }: Sentence) => !known.has(zh)) }
  const members = await memberRows(ctx.tx)
  return Promise.all(items.map(async (item) => ({
    id: `${item.kind}:${item.key}`, kind: item.kind, key: item.key, label: item.label, standing: item.standing, planned: item.draft !== null, state: item.state.next ?? item.state.mine,
    changes: item.standing === 'lost' || item.standing === 'same' ? [] : await changesSaid(ctx, item), conflicts: await Promise.all(item.conflicts.map((each) => conflictSaid(ctx, item, each))),
    whose: whoseSaid(ctx, item, members), stopped: item.stopped.map(sentenceOf), missing: [...item.missing, ...(item.kind === 'form' && ((item.next as Form | null)?.materials ?? []).some(({ file }) => !brings(file)) ? ['file' as const] : [])], warnings: item.kind === 'rule' && item.draft ? fresh(item.key) : [],
  } satisfies Record<string, unknown> & { planned: boolean; standing: BroughtItem['standing'] })))
}

/** Whose a member's view or dashboard will be, and with whom it is shared. */
function whoseSaid({ metadata }: Context, { kind, next, mine }: BroughtItem, members: ReadonlyMap<number, MemberRow>): Sentence | null {
  const body = (next ?? mine) as (View | Dashboard) | null
  if (!isOwn(kind) || body === null || body.owner === null) return null
  const name = members.get(body.owner)?.name ?? `#${body.owner}`
  const teams = (body.teams ?? []).map((id) => metadata.teams.get(id)?.name ?? `#${id}`)
  return body.shared ? { zh: `归 ${name}，所有人可见`, en: `${name}’s, everybody sees it` } : { zh: `归 ${name}，与 ${teams.join('、')} 共享`, en: `${name}’s, shared with ${teams.join(', ')}` }
}

/** A refusal in both languages. */
function sentenceOf({ code, params }: Refusal): Sentence {
  const english = Object.fromEntries(Object.entries(params ?? {}).map(([key, value]) => [key, params?.[`${key}En`] ?? value]))
  return { zh: filled(ERRORS[code].zh, params), en: filled(ERRORS[code].en, english) }
}
