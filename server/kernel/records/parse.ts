import { refuse } from '#contract'
import { BASE_FIELDS, type ObjectAction } from '#language/definitions'
import { lensOf, may, type Lens } from '#kernel/access'
import { ids, isId } from '#platform/db'
import { no, notFound, type Batch, type Wish } from './batch.ts'
import { planOf, type FieldPlan, type ObjectPlan } from './plan.ts'
import type { Intent, Share } from './types.ts'
import { parseValue } from './values.ts'

/** Intentions become wishes: objects and fields exist for this principal, values are canonical. No statement. */
export function parseIntents(batch: Batch): void {
  batch.intents.forEach((intent, index) => {
    const wish = parseIntent(batch, intent, index)
    if (wish) batch.wishes.push(wish)
  })
}

function parseIntent(batch: Batch, intent: Intent, index: number): Wish | undefined {
  const { ctx } = batch
  const [plan, lens] = [planOf(ctx.metadata, intent.object), lensOf(ctx, intent.object)]
  const id = intent.op === 'create' ? (intent.id ?? ids.next()) : intent.id
  if (!plan || !lens.can('read') || !isId(id)) {
    notFound(batch, index)
    return undefined
  }
  if (!NEEDED[intent.op].some((action) => lens.can(action)) && !speaksOfOpen(plan, intent) && !(intent.op === 'revert' && may(ctx, 'restore'))) {
    no(batch, index, refuse('FORBIDDEN'))
    return undefined
  }
  if (!batch.acts[intent.act ?? 0]) throw new RangeError(`intent ${index} names act ${intent.act}, which was not given`)
  const wish: Wish = { index, op: intent.op, plan, lens, id, act: intent.act ?? 0, values: [], owner: undefined, decision: undefined, share: [], addTags: [], removeTags: [], expect: undefined, undone: intent.op === 'revert' ? intent.undone : undefined }
  return intent.op === 'create' || intent.op === 'update' ? { ...wish, ...parseContent(batch, wish, intent) } : wish
}

/** Any of these rights on the object, or nothing of the intention is looked at. */
const NEEDED: Readonly<Record<Intent['op'], readonly ObjectAction[]>> = { create: ['create'], update: ['edit', 'transfer', 'unlock'], delete: ['delete'], restore: ['delete'], revert: ['create', 'edit', 'delete', 'transfer'] }

/** An open field is changed without any of them. */
const speaksOfOpen = ({ object }: ObjectPlan, intent: Intent): boolean => intent.op === 'update' && Object.keys(intent.values ?? {}).some((key) => object.field.get(key)?.open === true)

type Content = Extract<Intent, { op: 'create' | 'update' }>

function parseContent(batch: Batch, wish: Wish, intent: Content): Partial<Wish> {
  const values = parseValues(batch, wish, intent.values ?? {})
  const owner = values.find(([key]) => key === 'owner')
  return {
    values: values.filter(([key]) => key !== 'owner'),
    owner: intent.owner !== undefined ? intent.owner : (owner?.[1] as number | null | undefined),
    decision: intent.decision,
    share: parseShare(batch, wish, intent.share),
    addTags: parseTags(batch, wish, intent.op === 'create' ? intent.tags : intent.addTags),
    removeTags: parseTags(batch, wish, intent.op === 'create' ? [] : intent.removeTags),
    expect: intent.op === 'update' ? intent.expect : undefined,
  }
}

function parseValues(batch: Batch, { index, op, plan, lens }: Wish, values: Record<string, unknown>): [string, unknown][] {
  const parsed: [string, unknown][] = []
  for (const key of Object.keys(values)) {
    const field = writableField(plan, lens, key, op)
    if (typeof field === 'string') { no(batch, index, refuse(field, key, { field: key })); continue }
    const result = parseValue(values[key], field)
    // Not locked is no value.
    if (result.ok) parsed.push([key, key === 'locked' && result.value === false ? null : result.value])
    else no(batch, index, result.refusal)
  }
  return parsed
}

/** Unknown and hidden fields are refused alike. */
function writableField(plan: ObjectPlan, lens: Lens, key: string, op: Wish['op']): FieldPlan | 'FIELD_NOT_AVAILABLE' | 'FIELD_READ_ONLY' | 'MASKED_VALUE' {
  const shown = lens.field(key)
  if (!shown) return 'FIELD_NOT_AVAILABLE'
  // Where it differs from record to record, the locked row decides.
  if (shown.read !== 'full' && shown.read !== 'varies' && op !== 'create') return 'MASKED_VALUE'
  const field = plan.fields.get(key) ?? BASE_PLANS.get(key)
  return field && (op === 'create' ? lens.enterable : lens.writable).has(key) ? field : 'FIELD_READ_ONLY'
}

/** Base columns that may stand among the values: `owner` for those who may transfer, `locked` for those who may unlock, attachments for those who may edit, the two instants for rules and intake. */
const BASE_PLANS: ReadonlyMap<string, FieldPlan> = new Map((['owner', 'locked', 'last_activity_at', 'next_contact_at', 'attachments'] as const).map((key) => {
  const { kind, label } = BASE_FIELDS[key]
  return [key, { key, kind, definition: { key, kind, label }, max: 0, options: undefined, targets: [] }]
}))

/** Whoever may know the owner may know with whom a record is shared. */
function parseShare(batch: Batch, { index, lens }: Wish, share: readonly Share[] = []): readonly Share[] {
  if (share.length > 0 && !lens.field('owner')) no(batch, index, refuse('FIELD_NOT_AVAILABLE', 'collaborators', { field: 'collaborators' }))
  return share
}

function parseTags(batch: Batch, { index, lens }: Wish, keys: readonly string[] = []): number[] {
  if (keys.length === 0) return []
  if (lens.writable.has('tags')) return keys.flatMap((key) => parseTag(batch, index, key))
  no(batch, index, refuse(lens.field('tags') ? 'FIELD_READ_ONLY' : 'FIELD_NOT_AVAILABLE', 'tags', { field: 'tags' }))
  return []
}

/** A tag that policies read is a permission: to set or remove it by hand is a right of its own. */
function parseTag(batch: Batch, index: number, key: string): number[] {
  const tag = batch.ctx.metadata.tags.byKey.get(key)
  if (!tag) no(batch, index, refuse('VALUE_INVALID', 'tags', { field: 'tags', reason: 'tag' }))
  else if (tag.segment && batch.ctx.principal.kind !== 'kernel') no(batch, index, refuse('SEGMENT_TAG', 'tags', { tag: tag.label.zh, tagEn: tag.label.en }))
  else if (tag.policy && !may(batch.ctx, 'tags')) no(batch, index, refuse('POLICY_TAG_PROTECTED', 'tags', { tag: tag.label.zh }))
  else return [tag.id]
  return []
}
