import { createHash } from 'node:crypto'
import { Refused, refused, type Refusal } from '#contract'
import type { DefinitionsShape, ObjectShape } from '#contract/api'
import { awayAt, childWatchesOf, type Context, lensOf, may, memberRows, standInsOf, watchesOf } from '#kernel/access'
import { policyFor } from '#kernel/assignment'
import { avatarOf } from '#kernel/members'
import { templateOf } from '#kernel/solutions'
import { definitionOf, definitionsOf, metadataAsIf, namedValues, publish, versionsOf, type StoredDefinition } from '#kernel/metadata'
import type { ObjectMetadata } from '#kernel/metadata'
import { mayPrint } from '#kernel/handout'
import { recountLoads } from '#kernel/records'
import { maySuggest, suggestable } from '#kernel/suggestions'
import { ALWAYS } from '#language/conditions'
import { BASE_FIELDS, type Dashboard, type DefinitionKind, type Layout, Rule, TagDefinition } from '#language/definitions'
import { dashboardFor, dashboardsFor, ownsOrConfigures } from './dashboards.ts'
import { iso, tenantShape } from './presenting.ts'
import { conditionSentence, ruleSentence, type Preview } from './rule-sentence.ts'
import { lintOf } from './lint.ts'
import { checkMayPut, isOwn, isVisible, isVisibleView, KINDS_BY_RIGHT, mayKind, ruleOf } from './may-put.ts'
import { pressable } from './press.ts'
import { buildsRules, checkMayBuild, leads, ruleSchema } from './team-rules.ts'
import type { Some } from './types.ts'

export const definitions: Some<'definitions' | 'previewSentence' | 'definitionsOfKind' | 'definition' | 'putDefinition' | 'deleteDefinition' | 'definitionVersions'> = {
  definitions: (ctx) => everything(ctx),
  previewSentence: async (ctx, { body }) => {
    if ('rule' in body) return previewedRule(ctx, ruleOf(body.rule))
    if ('tag' in body) return previewedSegment(ctx, body.tag)
    return previewed(await conditionSentence(ctx, ruleSchema(ctx, body.object), body.condition, buildsRules(ctx) ? 'rule' : 'filter'))
  },
  definitionsOfKind: async (ctx, { params: { kind } }) => {
    if (!isOwn(kind) && !mayKind(ctx, kind)) refused('FORBIDDEN')
    return { definitions: await present(ctx, (await definitionsOf(ctx.tx, kind)).filter((each) => isVisible(ctx, each))) }
  },
  definition: async (ctx, { params }) => one(ctx, params.kind, params.key),
  putDefinition: async (ctx, { params: { kind, key }, body: { body, state, expectVersion } }) => {
    checkMayPut(ctx, kind, key, body)
    settle(await publish(ctx, kind, key, body, { state, expectVersion }))
    if (kind === 'object') await recountLoads(ctx, ctx.metadata)
    return one(ctx, kind, key)
  },
  deleteDefinition: async (ctx, { params: { kind, key } }) => {
    const stored = await definitionOf(ctx.tx, kind, key)
    if (!stored) return refused('NOT_FOUND')
    checkMayPut(ctx, kind, key, stored.body as Record<string, unknown>)
    settle(await publish(ctx, kind, key, null))
    return { done: true }
  },
  definitionVersions: async (ctx, { params: { kind, key } }) => {
    await one(ctx, kind, key)
    if (kind === 'dashboard' && !ownsOrConfigures(ctx, ctx.metadata.dashboards.get(key)!)) refused('FORBIDDEN')
    const members = await memberRows(ctx.tx)
    const versions = await versionsOf(ctx.tx, kind, key)
    return { versions: versions.map(({ version, at, actor, body }) => ({ version, at: iso(at), by: actorOf(actor, members), body: body as Record<string, unknown> | null })), template: await templateOf(ctx.tx, kind, key) as Record<string, unknown> | null }
  },
}

const previewed = ({ sentence, problems }: Preview) => ({ sentence, problems: problems.map(({ path, code, zh, en }) => ({ path, code, message: { zh, en } })) })

/** The draft as its publication would be looked at, and what its maker should know. */
async function previewedRule(ctx: Context, rule: Rule) {
  const said = previewed(await ruleSentence(ctx, rule, ruleSchema(ctx, rule.trigger.object)))
  if (said.problems.length > 0 || !buildsRules(ctx)) return said
  checkMayBuild(ctx, rule)
  const asIf = await metadataAsIf(ctx.tx, { kind: 'rule', key: rule.key, body: rule, strict: true })
  if (!asIf.ok) return { ...said, problems: asIf.refusals.map(problemIn) }
  return { ...said, warnings: (await lintOf(ctx, asIf.asIf, [rule])).get(rule.key)! }
}

/** A segment as its publication would be looked at. */
async function previewedSegment(ctx: Context, body: Record<string, unknown>) {
  if (!may(ctx, 'definitions')) refused('FORBIDDEN')
  const tag = TagDefinition.safeParse(body)
  if (!tag.success || !tag.data.segment) return refused('DEFINITION_INVALID', 'tag', { reason: tag.success ? '不是动态标签' : tag.error.issues[0]!.message })
  const { object, condition } = tag.data.segment
  const said = previewed(await conditionSentence(ctx, ctx.metadata.conditionSchema(object), condition))
  if (said.problems.length > 0) return said
  const asIf = await metadataAsIf(ctx.tx, { kind: 'tag', key: tag.data.key, body: tag.data, strict: true })
  return asIf.ok ? said : { ...said, problems: asIf.refusals.map(problemIn) }
}

const problemIn = ({ code, path, params }: Refusal) => ({ path: path ?? '', code, message: { zh: String(params?.['reason'] ?? code), en: String(params?.['reasonEn'] ?? code) } })

const settle = (result: { ok: true } | { ok: false; refusals: Refusal[] }): void => { if (!result.ok) throw new Refused(result.refusals[0]!) }

async function one(ctx: Context, kind: DefinitionKind, key: string) {
  if (!isOwn(kind) && !mayKind(ctx, kind)) refused('FORBIDDEN')
  const stored = await definitionOf(ctx.tx, kind, key)
  if (!stored || !isVisible(ctx, stored)) return refused('NOT_FOUND')
  return (await present(ctx, [stored]))[0]!
}

type Published = Record<string, { at: Date; actor_kind: string; actor_ref: string }>

async function present(ctx: Context, stored: readonly StoredDefinition[]) {
  if (stored.length === 0) return []
  const members = await memberRows(ctx.tx)
  const acts = await ctx.tx.query<{ key: string; at: Date; actor_kind: string; actor_ref: string }>(
    `select d.key, d.published_at as at, a.actor_kind, a.actor_ref from {t}.definition d left join {t}.act a on a.id = d.published_by where d.kind = $1 and d.key = any($2)`, [stored[0]!.kind, stored.map(({ key }) => key)])
  const published: Published = Object.fromEntries(acts.map((act) => [act.key, act]))
  return stored.map(({ kind, key, version, state, body }) => {
    const act = published[key]
    const shown = kind === 'dashboard' ? dashboardFor(ctx, body as Dashboard) : body
    return { kind, key, version, state, body: shown as Record<string, unknown>, publishedAt: act ? iso(act.at) : null, publishedBy: act?.actor_kind ? actorOf({ kind: act.actor_kind, ref: act.actor_ref }, members) : null }
  })
}

function actorOf({ kind, ref }: { kind: string; ref: string }, members: ReadonlyMap<number, { name: string }>) {
  const id = kind === 'member' ? Number(ref) : undefined
  return { kind: kind as 'member', name: (id !== undefined && members.get(id)?.name) || ref, ...(id !== undefined && { id }) }
}

/** What this member sees of what is configured, how far their rights reach, and the versions of what they may configure; worked out once per epoch. One statement then. */
export async function configured(ctx: Context): Promise<unknown> {
  const me = ctx.principal.kind === 'member' ? ctx.principal.member.id : 0
  const known = seen.get(ctx.metadata) ?? new Map<number, unknown>()
  seen.set(ctx.metadata, known)
  if (!known.has(me)) known.set(me, createHash('sha256').update(JSON.stringify([{ ...(await everything(ctx)), epoch: 0 }, await versionsFor(ctx), [...ctx.metadata.objects.keys()].map((object) => lensOf(ctx, object).version)])).digest('base64url'))
  return known.get(me)
}
const seen = new WeakMap<Context['metadata'], Map<number, unknown>>()

const versionsFor = (ctx: Context): Promise<unknown[]> =>
  ctx.tx.query(`select kind, key, version, state from {t}.definition where kind = any($1::text[]) order by kind, key`, [(Object.keys(KINDS_BY_RIGHT) as DefinitionKind[]).filter((kind) => mayKind(ctx, kind))], { name: 'versions in force' })

async function everything(ctx: Context): Promise<DefinitionsShape> {
  const { metadata, principal, tenant, tx } = ctx
  const me = principal.kind === 'member' ? principal.member : refused('SIGN_IN_REQUIRED')
  const people = await tx.query<{ id: number; name: string; team: number | null; job: string | null; active: boolean }>(`select id, name, team, job, state = 'active' as active from {t}.member order by id`, [], { name: 'members in brief' })
  const [rows, now] = [await memberRows(tx), ctx.now.getTime()]
  const awayOf = (id: number) => { const away = rows.has(id) && awayAt(rows.get(id)!, now); return away ? { away: { until: iso(new Date(away.to)), standIns: standInsOf(rows, id, now) } } : {} }
  const objects = [...metadata.objects.values()].filter(({ key }) => lensOf(ctx, key).can('read'))
  const readable = new Set(objects.map(({ key }) => key))
  return {
    epoch: metadata.epoch, tenant: tenantShape(tenant),
    me: { id: me.id, rights: [...me.rights], roles: [...me.roles], leads: leads(ctx), home: me.roles.map((key) => metadata.roles.get(key)?.home).find(Boolean) ?? 'tasks' },
    objects: objects.map((object) => presentObject(ctx, object)),
    dictionaries: [...metadata.dictionaries.values()].map(({ byKey: _, ...dictionary }) => dictionary),
    tags: [...metadata.tags.byKey.values()].map(({ id, key, label, colour, policy, segment }) => ({ id, key, label, ...(colour && { colour }), ...(policy && { policy }), ...(segment && { segment: segment.object }) })), views: [...metadata.views.values()].filter((view) => isVisibleView(ctx, view)).sort((a, b) => a.order - b.order),
    teams: [...metadata.teams.values()], members: people.map((member) => ({ ...member, avatar: avatarOf(member.name), ...awayOf(member.id) })),
    roles: [...metadata.roles.values()].map(({ key, label }) => ({ key, label })),
    forms: [...metadata.forms.values()].filter(({ object }) => readable.has(object)).map(({ key, label, object, active }) => ({ key, label, object, active })),
    recordActs: [...metadata.recordActs.values()].filter(({ object }) => readable.has(object)).sort((a, b) => a.order - b.order).map(({ when: _, set: _set, ...act }) => act),
    assigning: assigningOf(ctx),
    poolings: [...metadata.poolings.values()].filter(({ object }) => readable.has(object)).map(({ object, pools }) => ({ object, store: pools.object })),
    prints: [...metadata.prints.values()].filter(({ object, roles }) => readable.has(object) && mayPrint(me.roles, roles)).sort((a, b) => a.order - b.order).map(({ key, label, object }) => ({ key, label, object })),
    dashboards: dashboardsFor(ctx),
    conversions: [...metadata.conversions.values()].filter(({ object }) => readable.has(object)).map(({ key, label, object, targets }) => ({ key, label, object, makes: targets.map((target) => target.object) })),
    layouts: objects.flatMap(({ key }) => layoutFor(ctx, key)),
    pressable: pressable(ctx).map(({ key, label, trigger }) => ({ key, label, object: trigger.object })),
    assignmentPolicies: [...metadata.assignmentPolicies.values()].filter(({ object }) => readable.has(object)).map(({ key, label, object }) => ({ key, label, object })),
    gradings: [...metadata.gradings.values()].filter(({ object }) => readable.has(object)).map(({ version: _, ...grading }) => (mayKind(ctx, 'grading') ? grading : withoutConditions(grading))),
  }
}

/** Those who lead, or look after assignment, give out what the policies could not. */
function assigningOf(ctx: Context): string[] {
  const leads = ctx.principal.kind === 'member' && ctx.principal.member.roles.some((role) => ctx.metadata.roles.get(role)?.home === 'team')
  return leads || may(ctx, 'assignment') ? [...ctx.metadata.objects.keys()].filter((object) => policyFor(ctx, object) && lensOf(ctx, object).can('transfer')) : []
}

/** The one that is meant for this member, with what they may see of it. */
function layoutFor(ctx: Context, object: string): Layout[] {
  const mine: readonly string[] = ctx.principal.kind === 'member' ? ctx.principal.member.roles : []
  const of = [...ctx.metadata.layouts.values()].filter((each) => each.object === object).sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1))
  const found = of.find(({ roles }) => roles.some((role) => mine.includes(role))) ?? of.find(({ roles }) => roles.length === 0)
  if (!found) return []
  const lens = lensOf(ctx, object)
  const seen = (keys: readonly string[]) => keys.filter((key) => lens.field(key))
  return [{ ...found, groups: found.groups.map((group) => ({ ...group, fields: seen(group.fields) })), hidden: { page: seen(found.hidden.page), create: seen(found.hidden.create) }, hints: found.hints.filter(({ field }) => lens.field(field)) }]
}

/** How a grade is reached may name fields that this member does not know. */
const withoutConditions = <G extends { levels: { condition: unknown }[] }>(grading: G): G => ({ ...grading, levels: grading.levels.map((level) => ({ ...level, condition: ALWAYS })) })

const named = ({ metadata }: Context, object: string, field: string) => { const names = namedValues(metadata, object, field); return names && { named: names } }

function presentObject(ctx: Context, object: ObjectMetadata): ObjectShape {
  const lens = lensOf(ctx, object.key)
  const suggests = maySuggest(ctx, object.key)
  const proposes = (key: string) => suggests && lens.field(key)?.read === 'full' && suggestable(object.field.get(key))
  // A limit that leaves no trace is not hinted at.
  const watched = may(ctx, 'tags') ? [] : [...watchesOf(ctx.metadata, object.key), ...childWatchesOf(ctx.metadata, object.key)].filter(({ policy }) => !policy.stealth)
  const decides = (key: string) => watched.some(({ fields }) => fields.has(key))
  const enters = (key: string) => (lens.enterable.has(key) || (!lens.can('create') && proposes(key))) && !lens.writable.has(key)
  const { field: _field, table: _table, fields: _fields, load: _load, open: _open, ...rest } = object
  // A check may name fields that this member does not know; its message comes with the refusal.
  const own = [...object.field.values()].filter(({ key }) => lens.field(key)).map(({ check: _check, ...field }) => ({ ...field, write: lens.writable.has(field.key), ...(enters(field.key) && { enter: true }), ...(proposes(field.key) && { suggest: true }), ...(decides(field.key) && { decides: true }), base: false, ...named(ctx, object.key, field.key) }))
  const base = Object.entries(BASE_FIELDS).filter(([key]) => lens.field(key)).map(([key, { kind, label }]) => ({ key, kind, label, write: lens.writable.has(key), base: true }))
  const can = { read: lens.can('read'), create: lens.can('create'), edit: lens.can('edit'), delete: lens.can('delete'), export: lens.can('export'), transfer: lens.can('transfer'), unlock: lens.can('unlock'), import: lens.can('import') && lens.can('create'), ...(suggests && { suggest: true }) }
  return { ...rest, fields: [...own, ...base], can }
}
