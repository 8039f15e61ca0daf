import { refused } from '#contract'
import { childWatchesOf, lensOf, may, type Context, watchesOf } from '#kernel/access'
import { checkRole } from '#kernel/members'
import type { StoredDefinition } from '#kernel/metadata'
import { FULL_RIGHTS, type AdminRight, type Dashboard, type DefinitionKind, isControl, Role, Rule, stepsIn, type View } from '#language/definitions'
import { isVisibleDashboard } from './dashboards.ts'
import { refusalOf } from './parse.ts'
import { checkMayBuild, isTheirs, leads, targetOf } from './team-rules.ts'

/** Kinds that are anybody's own. */
const OWN = ['view', 'dashboard'] as const
type Own = (typeof OWN)[number]
export const isOwn = (kind: DefinitionKind): kind is Own => (OWN as readonly DefinitionKind[]).includes(kind)

/** Who configures what. */
export const KINDS_BY_RIGHT: Record<Exclude<DefinitionKind, Own>, readonly AdminRight[]> = {
  dictionary: ['definitions'], object: ['definitions'], tag: ['definitions'], grading: ['definitions', 'rules'], role: ['members'],
  recordAct: ['definitions'], conversion: ['definitions'], layout: ['definitions'], print: ['definitions'], letterhead: ['definitions', 'settings'], assignmentPolicy: ['assignment'], pooling: ['assignment'], form: ['forms'], rule: ['rules', 'teamRules'], policy: ['members'], accessMode: ['members'], calendar: ['settings'],
}
export const mayKind = (ctx: Context, kind: DefinitionKind): boolean => !isOwn(kind) && KINDS_BY_RIGHT[kind].some((right) => may(ctx, right))

/** May this member publish this body under this key, or remove it? Refused as what stands in the way. */
export function checkMayPut(ctx: Context, kind: DefinitionKind, key: string, body: Record<string, unknown>): void {
  if (isOwn(kind)) return checkMayPutOwn(ctx, kind, key, body)
  if (!mayKind(ctx, kind)) refused('FORBIDDEN')
  if (kind === 'rule') { checkMayTag(ctx, ruleOf({ ...body, key })); return checkMayBuild(ctx, ruleOf({ ...body, key })) }
  // Whoever decides over policies decides over everybody's rights.
  if ((kind === 'policy' || kind === 'accessMode') && !FULL_RIGHTS.every((right) => may(ctx, right))) refused('FORBIDDEN')
  if (kind !== 'role') return
  const role = Role.safeParse(body)
  if (role.success) checkRole(ctx, role.data)
  const before = ctx.metadata.roles.get(key)
  if (before) checkRole(ctx, before)
}

/** A rule writes on nobody's behalf: whoever lets one write tags that decide permissions, or fields by which a limit decides, must hold that right. */
function checkMayTag(ctx: Context, rule: Rule): void {
  if (may(ctx, 'tags')) return
  const lang = ctx.request?.lang ?? 'zh'
  for (const { step, each } of stepsIn(rule.actions)) {
    if (isControl(step)) continue
    const tags = step.do === 'tag' ? [...(step.add ?? []), ...(step.remove ?? [])] : []
    const tag = tags.map((key) => ctx.metadata.tags.byKey.get(key)).find((found) => found?.policy)
    if (tag) refused('POLICY_TAG_PROTECTED', 'actions', { tag: tag.label[lang] })
    const object = step.do === 'updateChildren' ? step.object : targetOf(ctx, each?.object ?? rule.trigger.object, step)
    const field = step.do === 'set' || step.do === 'updateChildren' ? Object.keys(step.values).find((key) => isDeciding(ctx, object, key)) : step.do === 'create' ? endingBirth(ctx, step.object) : undefined
    const named = step.do === 'create' ? step.object : object
    if (field !== undefined) refused('POLICY_FIELD_PROTECTED', 'actions', { field: ctx.metadata.objects.get(named)?.field.get(field)?.label[lang] ?? field })
  }
}

/** Does a limit decide by this field, of its own records, of those that they point to or of those that hang on them? */
const isDeciding = ({ metadata }: Context, object: string, key: string): boolean => [...watchesOf(metadata, object), ...childWatchesOf(metadata, object)].some(({ fields }) => fields.has(key))

/** The field by which a new record hangs where one more may end a limit. */
const endingBirth = ({ metadata }: Context, object: string): string | undefined => childWatchesOf(metadata, object).find(({ ends }) => ends.gain)?.via

/** One's own views and dashboards are one's own affair; who leads a department may share with it; what everybody sees needs the right to configure. */
function checkMayPutOwn(ctx: Context, kind: Own, key: string, body: Record<string, unknown>): void {
  const me = ctx.principal.kind === 'member' ? ctx.principal.member.id : null
  const before = kind === 'view' ? ctx.metadata.views.get(key) : ctx.metadata.dashboards.get(key)
  const led = new Set(leads(ctx))
  // What was shared while one led stays one's own to rename and to take back.
  const shares = ((body['teams'] ?? []) as unknown[]).every((team) => led.has(team as number) || before?.teams?.includes(team as number))
  const ours = body['owner'] === me && body['shared'] !== true && body['firstFor'] === undefined && body['roles'] === undefined && shares && (!before || (before.owner === me && !before.shared))
  if (before && !isVisible(ctx, { kind, body: before })) refused('NOT_FOUND')
  if (!ours && !may(ctx, 'definitions')) refused('FORBIDDEN')
}

export function ruleOf(json: unknown): Rule {
  const parsed = Rule.safeParse(json)
  return parsed.success ? parsed.data : refused('DEFINITION_INVALID', refusalOf(parsed.error.issues[0]!, 'rule').path, { reason: parsed.error.issues[0]!.message })
}

export const isVisibleView = (ctx: Context, { owner, shared, object, teams = [] }: View): boolean =>
  lensOf(ctx, object).can('read') && (owner === null || shared || (ctx.principal.kind === 'member' && (owner === ctx.principal.member.id || teams.some((team) => (ctx.principal as { member: { teams: readonly number[] } }).member.teams.includes(team)))))

/** What is anybody's own is seen by whom it is shared with, a department's rule by who leads it; all else by whoever may configure it. */
export const isVisible = (ctx: Context, { kind, body }: Pick<StoredDefinition, 'kind' | 'body'>): boolean => (kind === 'view' ? isVisibleView(ctx, body as View) : kind === 'rule' ? isTheirs(ctx, body as Rule) : kind !== 'dashboard' || isVisibleDashboard(ctx, body as Dashboard))

