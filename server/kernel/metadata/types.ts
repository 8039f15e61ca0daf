import type { Refusal } from '#contract'
import type { WorkingCalendar } from '#language/values'
import type { AssignmentPolicy, Conversion, Dashboard, DefinitionBody, DefinitionKind, Dictionary, Field, FieldKind, Form, Grading, Layout, Letterhead, ObjectDefinition, Policy, Pooling, PrintTemplate, RecordAct, Role, Rule, TagDefinition, View } from '#language/definitions'
import type { ConditionSchema, Image } from '#language/conditions'
import type { Derivations } from '#language/formulas'
import type { Tx } from '#platform/db'

export interface ObjectMetadata extends ObjectDefinition {
  /** Fields by key, retired ones left out. */
  field: ReadonlyMap<string, Field>
  /** Quoted table name with the `{t}` placeholder: `{t}."o_book"`. */
  table: string
  /** Version of the definition. */
  version: number
}
export interface PublishedRule extends Rule { state: 'template' | 'active' | 'paused'; version: number }
export interface TagMetadata extends TagDefinition { id: number; version: number }

/** Everything configured in one tenant at one epoch; frozen, shared by all requests of that epoch. */
export interface Metadata {
  epoch: number
  objects: ReadonlyMap<string, ObjectMetadata>
  dictionaries: ReadonlyMap<string, Dictionary & { byKey: ReadonlyMap<string, Dictionary['options'][number]> }>
  tags: { byKey: ReadonlyMap<string, TagMetadata>; byId: ReadonlyMap<number, TagMetadata> }
  roles: ReadonlyMap<string, Role>
  rules: ReadonlyMap<string, PublishedRule>
  /** Earlier versions of rules in which runs still wait. */
  pinned: readonly PublishedRule[]
  gradings: ReadonlyMap<string, Grading & { version: number }>
  forms: ReadonlyMap<string, Form>
  views: ReadonlyMap<string, View>
  recordActs: ReadonlyMap<string, RecordAct>
  conversions: ReadonlyMap<string, Conversion>
  layouts: ReadonlyMap<string, Layout>
  poolings: ReadonlyMap<string, Pooling & { version: number }>
  /** How records of this object wait in pools; there is at most one such definition. */
  pooling(object: string): Pooling | undefined
  prints: ReadonlyMap<string, PrintTemplate>
  dashboards: ReadonlyMap<string, Dashboard>
  /** Who the company is on its papers; null: nobody has said. */
  letterhead: Letterhead | null
  policies: ReadonlyMap<string, Policy>
  /** Those in force about this object. */
  policiesOf(object: string): readonly Policy[]
  /** False: roles give nothing, policies alone decide. */
  rolesDecide: boolean
  /** A policy in force hands out its records. */
  isHandedOut(object: string): boolean
  assignmentPolicies: ReadonlyMap<string, AssignmentPolicy & { version: number }>
  /** When the company works; the standard week where nothing is published. */
  calendar: WorkingCalendar
  /** Of the published calendar; 0 for the standard week. */
  calendarVersion: number
  teams: ReadonlyMap<number, { id: number; name: string; parent: number | null; head: number | null }>
  /** What a field of an object is, base columns and tags included; undefined when there is none. */
  fieldKind(object: string, field: string): FieldKind | 'tags' | undefined
  conditionSchema(object: string): ConditionSchema
  /** Fields that follow from others: how, and in which order. */
  derivations(): Derivations
  /**
   * Does any active rule, grading or deadline want to hear of this? Only then a todo row is written beside the change.
   * Fields: the changed ones, before and after; tags as `tags`, by their ids. Who knows the circumstances may be told of less.
   */
  listens(object: string, event: 'created' | 'changed' | 'deleted' | 'restored', fields: Changed, how?: Circumstances): boolean
}

/** Fields by key, before and after. */
export type Changed = Readonly<Record<string, readonly [before: unknown, after: unknown]>>

/** How a change comes about. `after`: the record as it leaves it. */
export interface Circumstances { cause: { readonly kind: string; readonly quiet?: true; readonly form?: string }; now: Date; zone: string; after(): Image }

/** A definition as it is stored and in force. */
export interface StoredDefinition<K extends DefinitionKind = DefinitionKind> {
  kind: K
  key: string
  version: number
  /** Rules: template, active or paused. Every other kind is active. */
  state: DefinitionState
  body: DefinitionBody<K>
  /** The solution that installed it and the hash of what it installed; null for what the tenant made. */
  solution: string | null
  installed: string | null
  /** What was installed, where it is not what stands in a version of its own; only while publishing. */
  base?: unknown
}
export type DefinitionState = 'template' | 'active' | 'paused'

export interface DefinitionVersion {
  version: number
  state: DefinitionState
  /** Null: this version removed the definition. */
  body: unknown
  act: number
  at: Date
  actor: { kind: string; ref: string }
}

/** Who configures. A Context of #kernel/access fits. */
export interface Author {
  tx: Tx
  actor: { kind: 'member'; id: number } | { kind: 'rule'; key: string } | { kind: 'source'; form: string } | { kind: 'system'; reason: string }
  request?: { id: string; ip: string | null; agent: string | null } | null
  /** Kept with the act, in words. */
  reason?: string | undefined
}

/** A wish to publish: `body` null removes. `state` matters for rules only; absent, an existing rule keeps its state and a new one is a template. */
export interface Draft {
  kind: DefinitionKind
  key: string
  body: unknown
  state?: DefinitionState | undefined
  expectVersion?: number | undefined
  /** Set by a solution: its key and a hash of the body are remembered with the definition. */
  solution?: string | undefined
  /** The body as the solution has it, where `body` is that merged with the tenant's; kept for the next version of the solution. */
  base?: unknown
}
export interface PublishOptions { expectVersion?: number | undefined; state?: DefinitionState | undefined }

export interface Published { kind: DefinitionKind; key: string; version: number; changed: boolean }
/** `building`: objects whose tables are so large that some of their indexes are left to startIndexing. `act`: under which the log keeps it; null when nothing changed. */
export type PublishResult = { ok: true; version: number; changed: boolean; building: string[] } | { ok: false; refusals: Refusal[] }
export type PublishAllResult = { ok: true; published: Published[]; building: string[]; act: number | null } | { ok: false; refusals: DraftRefusal[] }
export interface DraftRefusal { kind: DefinitionKind; key: string; refusal: Refusal }
