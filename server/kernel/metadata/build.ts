import { schemaOf } from '#language/conditions'
import { derivationsOf } from '#language/formulas'
import { BASE_FIELDS, type DefinitionBody, type DefinitionKind, type Dictionary, type ObjectDefinition, type Rule } from '#language/definitions'
import { STANDARD_CALENDAR, workingCalendar } from '#language/values'
import { tableName } from '#platform/db'
import { fallbackRules } from './fallbacks.ts'
import { interestOf } from './interest.ts'
import type { Metadata, ObjectMetadata, PublishedRule, StoredDefinition, TagMetadata } from './types.ts'

/** The rows that make up one epoch. */
export interface Stored {
  epoch: number
  definitions: readonly StoredDefinition[]
  tags: readonly { id: number; key: string }[]
  teams: readonly { id: number; name: string; parent: number | null; head: number | null }[]
  /** Earlier versions of rules in which runs still wait. */
  pinned: readonly { key: string; version: number; body: Rule }[]
}

/** Rows in, Metadata out; bodies are frozen. Nothing is checked: what is stored was checked when it was published. */
export function buildMetadata({ epoch, definitions, tags, teams, pinned }: Stored): Metadata {
  const byKind = Map.groupBy(definitions, ({ kind }) => kind)
  const all = <K extends DefinitionKind>(kind: K) => (byKind.get(kind) ?? []) as unknown as StoredDefinition<K>[]
  const mapOf = <K extends DefinitionKind, V>(kind: K, as: (each: StoredDefinition<K>) => V): ReadonlyMap<string, V> =>
    new Map(all(kind).map((each) => [each.key, frozen(as(each))]))
  const body = <K extends DefinitionKind>(each: StoredDefinition<K>): DefinitionBody<K> => each.body
  const versioned = <K extends DefinitionKind>(each: StoredDefinition<K>) => ({ ...each.body, version: each.version })

  const objects = mapOf('object', objectOf)
  const dictionaries = mapOf('dictionary', dictionaryOf)
  const tagList = tagsOf(all('tag'), tags, deciding({ policies: all('policy'), roles: all('role') }))
  const assignmentPolicies = mapOf('assignmentPolicy', versioned)
  const rules = new Map([...mapOf('rule', (each): PublishedRule => ({ ...each.body, version: each.version, state: each.state })), ...fallbackRules(assignmentPolicies.values(), objects).map((rule) => [rule.key, frozen(rule)] as const)])
  const waiting = pinned.map(({ key, version, body: then }): PublishedRule => frozen({ ...then, version, state: rules.get(key)?.state ?? 'paused' }))
  const gradings = mapOf('grading', versioned)

  const policies = mapOf('policy', body)
  const policed = Map.groupBy([...policies.values()].filter(({ off }) => !off), ({ object }) => object)
  const poolings = mapOf('pooling', versioned)
  const handedOut = new Set([...assignmentPolicies.values()].flatMap(({ active, object }) => (active ? [object] : [])))

  const conditions = once(() => schemaOf('', {
    objects: [...objects.values()].map((object) => ({ ...object, fields: [...object.field.values()] })),
    dictionaries: [...dictionaries.values()],
    tags: tagList,
  }))
  const conditionSchema = (object: string) => ({ ...conditions(), object })
  const interest = once(() => interestOf({ rules: [...rules.values()], pinned: waiting, tags: tagList, gradings: [...gradings.values(), ...tagList.flatMap(({ segment }) => (segment ? [{ object: segment.object, levels: [segment] }] : []))], conditionSchema }))

  return Object.freeze({
    epoch, objects, dictionaries, rules, pinned: waiting, gradings,
    tags: { byKey: new Map(tagList.map((each) => [each.key, each])), byId: new Map(tagList.map((each) => [each.id, each])) },
    roles: mapOf('role', body), forms: mapOf('form', body), views: mapOf('view', body), recordActs: mapOf('recordAct', body), conversions: mapOf('conversion', body), layouts: mapOf('layout', body), prints: mapOf('print', body), dashboards: mapOf('dashboard', body), letterhead: all('letterhead')[0]?.body ?? null, poolings, pooling: (object) => [...poolings.values()].find((each) => each.object === object), assignmentPolicies, isHandedOut: (object) => handedOut.has(object),
    policies, policiesOf: (object) => policed.get(object) ?? NO_POLICIES, rolesDecide: all('accessMode').every((each) => each.body.roles),
    calendar: calendarOf(all('calendar')), calendarVersion: all('calendar')[0]?.version ?? 0,
    teams: new Map(teams.map((each) => [each.id, Object.freeze(each)])),
    fieldKind: (object, field) => kindOf(objects.get(object), field),
    conditionSchema,
    derivations: once(() => derivationsOf(objects.values(), conditions())),
    listens: (object, event, fields) => interest()(object, event, fields),
  } satisfies Metadata)
}

const NO_POLICIES: readonly [] = []

const objectOf = ({ body, version }: StoredDefinition<'object'>): ObjectMetadata => ({ ...body, version, table: `{t}."${tableName(body.key)}"`, field: livingFields(body) })
const livingFields = ({ fields }: ObjectDefinition) => new Map(fields.filter(({ retired }) => !retired).map((each) => [each.key, each]))
const dictionaryOf = ({ body }: { body: Dictionary }) => ({ ...body, byKey: new Map(body.options.map((each) => [each.key, each])) })

/** A tag that policies or roles read is one that decides permissions, whatever its definition says. */
function tagsOf(definitions: readonly StoredDefinition<'tag'>[], ids: Stored['tags'], read: ReadonlySet<string>): TagMetadata[] {
  const idOf = new Map(ids.map(({ id, key }) => [key, id]))
  return definitions.map(({ key, body, version }) => frozen({ ...body, ...(read.has(key) && { policy: true }), id: idOf.get(key)!, version }))
}

/** The tags by which policies in force, and roles that have some records only, tell records apart. */
function deciding({ policies, roles }: { policies: readonly StoredDefinition<'policy'>[]; roles: readonly StoredDefinition<'role'>[] }): ReadonlySet<string> {
  const conditions = [...policies.flatMap(({ body }) => (body.off ? [] : [body.when])), ...roles.flatMap(({ body }) => Object.values(body.objects).map(({ rows }) => rows))]
  return new Set(conditions.flatMap(tagsIn))
}

function tagsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return []
  const { field, value } = part as { field?: unknown; value?: unknown }
  return field === 'tags' ? [value].flat().filter((each) => typeof each === 'string') : Object.values(part).flatMap(tagsIn)
}

const calendarOf = ([stored]: readonly StoredDefinition<'calendar'>[]) => (stored ? workingCalendar(frozen(stored.body)) : STANDARD_CALENDAR)

function kindOf(object: ObjectMetadata | undefined, field: string) {
  if (!object) return undefined
  return object.field.get(field)?.kind ?? (Object.hasOwn(BASE_FIELDS, field) ? BASE_FIELDS[field as keyof typeof BASE_FIELDS].kind : undefined)
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || value instanceof Map) return value
  for (const each of Object.values(value)) frozen(each)
  return Object.freeze(value)
}
