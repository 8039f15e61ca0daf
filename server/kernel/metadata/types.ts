import type { AssignmentPolicy, Dictionary, Field, FieldKind, Form, Grading, ObjectDefinition, Role, Rule, TagDefinition, View } from '#language/definitions'
import type { ConditionSchema } from '#language/conditions'

export interface ObjectMetadata extends ObjectDefinition {
  /** Fields by key, retired ones left out. */
  field: ReadonlyMap<string, Field>
  /** Quoted table name with the `{t}` placeholder: `{t}."o_lead"`. */
  table: string
  /** Version of the definition. */
  version: number
}
export interface PublishedRule extends Rule { state: 'template' | 'active' | 'paused'; version: number }
export interface TagMetadata extends TagDefinition { id: number }

/** Everything configured in one tenant at one epoch; frozen, shared by all requests of that epoch. */
export interface Metadata {
  epoch: number
  objects: ReadonlyMap<string, ObjectMetadata>
  dictionaries: ReadonlyMap<string, Dictionary & { byKey: ReadonlyMap<string, Dictionary['options'][number]> }>
  tags: { byKey: ReadonlyMap<string, TagMetadata>; byId: ReadonlyMap<number, TagMetadata> }
  roles: ReadonlyMap<string, Role>
  rules: ReadonlyMap<string, PublishedRule>
  gradings: ReadonlyMap<string, Grading & { version: number }>
  forms: ReadonlyMap<string, Form>
  views: ReadonlyMap<string, View>
  assignmentPolicies: ReadonlyMap<string, AssignmentPolicy & { version: number }>
  teams: ReadonlyMap<number, { id: number; name: string; parent: number | null; head: number | null }>
  /** What a field of an object is, base columns and tags included; undefined when there is none. */
  fieldKind(object: string, field: string): FieldKind | 'tags' | undefined
  conditionSchema(object: string): ConditionSchema
  /**
   * Does any active rule, grading or deadline want to hear of this? Only then a todo row is written beside the change.
   * Fields: the changed ones; tags as `tags`.
   */
  listens(object: string, event: 'created' | 'changed' | 'deleted' | 'restored', fields: readonly string[]): boolean
}
