import { refuse, type Refusal } from '#contract'
import type { Context, Lens, MemberRow } from '#kernel/access'
import type { ActDraft } from '#kernel/changes'
import type { Holdings } from './held.ts'
import type { TenantKeys } from './keys.ts'
import type { ObjectPlan } from './plan.ts'
import { inWords } from './reasons.ts'
import type { Intent, Kept, RecordImage, Share, Undone, Values, WriteOptions } from './types.ts'

/** An intention that has been parsed: known object, known fields, canonical values. */
export interface Wish {
  index: number
  op: Intent['op']
  plan: ObjectPlan
  lens: Lens
  id: string
  act: number
  values: readonly (readonly [key: string, value: unknown])[]
  /** Undefined: the owner is not spoken of. */
  owner: number | null | undefined
  decision: number | undefined
  share: readonly Share[]
  addTags: readonly number[]
  removeTags: readonly number[]
  expect: string | undefined
  undone: Undone | undefined
}

/** What one act does to one record: becomes one row of the log. */
export interface Step { act: number; index: number; fields: Record<string, [before: unknown, after: unknown]>; seq: number | null; actId: number | null }

/** One record on its way from before (null: it is being created) to after. */
export interface Draft {
  plan: ObjectPlan
  id: string
  before: RecordImage | null
  values: Values
  gone: boolean
  steps: Step[]
  decision: number | undefined
}

/** What this principal may do with a locked row. */
export interface Rights { edit: boolean; delete: boolean; transfer: boolean; share: boolean; unlock: boolean }
export const EVERY_RIGHT: Rights = { edit: true, delete: true, transfer: true, share: true, unlock: true }
export interface LockedRow { image: RecordImage; rights: Rights }

/** Everything that one call of `write` knows; each step adds to it. */
export interface Batch {
  ctx: Context
  intents: readonly Intent[]
  acts: readonly ActDraft[]
  options: WriteOptions
  wishes: Wish[]
  rows: Map<string, LockedRow>
  /** Locked because something counts in them, not because this principal sees them. */
  unseen: Set<string>
  /** In the order in which they were first wished for. */
  drafts: Map<string, Draft>
  /** Numbers drawn for automatic fields, used from the end, and the keys that turn them into what people see. */
  numbers: number[]
  drawing: Promise<number[]> | null
  keys: TenantKeys | null
  members: ReadonlyMap<number, MemberRow>
  /** By draftKey: what has happened to records since what is being undone. */
  since: ReadonlyMap<string, Since>
  kept: Kept[]
  /** By draftKey: what policies keep from this principal in the record. */
  held: Map<string, Holdings>
  refusals: { index: number; refusal: Refusal }[]
}

/** `versions`: by field, the last version that changed it. `touched`: the last version that a person or a form made. */
export interface Since { versions: ReadonlyMap<string, number>; touched: number }

export const draftKey = (object: string, id: string): string => `${object} ${id}`

export function openBatch(ctx: Context, intents: readonly Intent[], options: WriteOptions): Batch {
  const acts = options.acts ?? [actOf(ctx)]
  return { ctx, intents, acts, options, wishes: [], rows: new Map(), unseen: new Set(), drafts: new Map(), numbers: [], drawing: null, keys: null, members: new Map(), since: new Map(), kept: [], held: new Map(), refusals: [] }
}

export const actOf = ({ actor, cause, request }: Context): ActDraft => ({ actor, cause, ip: request?.ip ?? null, agent: request?.agent ?? null, request: request?.id ?? null })

/** Note a no; the batch ends after the step that notes it. */
export function no(batch: Batch, index: number, refusal: Refusal): void {
  batch.refusals.push({ index, refusal: inWords(batch.ctx, batch.ctx.metadata.objects.get(batch.intents[index]!.object), refusal) })
}

export const notFound = (batch: Batch, index: number): void => no(batch, index, refuse('NOT_FOUND'))
