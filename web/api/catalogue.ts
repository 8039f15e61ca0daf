import { useSuspenseQuery } from '@tanstack/react-query'
import type { DefinitionsShape, ObjectShape } from '#contract/api'
import type { Dictionary } from '#language/definitions'
import { createContext, use } from 'react'
import { call, queries } from './client.ts'
import { setZone } from './clock.ts'
import { keys } from './keys.ts'
import { useLive } from './live.ts'

export type FieldShape = ObjectShape['fields'][number]
export type ObjectFacts = ObjectShape & { field: ReadonlyMap<string, FieldShape> }
export type Option = Dictionary['options'][number]
export type MemberFacts = DefinitionsShape['members'][number]
export type TagFacts = DefinitionsShape['tags'][number]

/** Everything configured that this member may see, ready to be looked up. */
export interface Catalogue extends Omit<DefinitionsShape, 'objects'> {
  objects: readonly ObjectFacts[]
  object(key: string): ObjectFacts | undefined
  options(dictionary: string | undefined): readonly Option[]
  option(dictionary: string | undefined, key: string): Option | undefined
  member(id: number | null | undefined): MemberFacts | undefined
  team(id: number | null | undefined): DefinitionsShape['teams'][number] | undefined
  tag(key: string): TagFacts | undefined
  role(key: string): DefinitionsShape['roles'][number] | undefined
  layout(object: string): DefinitionsShape['layouts'][number] | undefined
  can(right: DefinitionsShape['me']['rights'][number]): boolean
}

export const definitionsQuery = {
  queryKey: keys.definitions,
  queryFn: async (): Promise<Catalogue> => catalogueOf(await call('definitions', {})),
  staleTime: 60_000,
  structuralSharing: false,
} as const

/** Something not saved yet stands in for what is: a field that is being made can already be spoken of. */
export const CatalogueDraft = createContext<Catalogue | null>(null)
export function useCatalogue(): Catalogue {
  const saved = useSuspenseQuery(definitionsQuery).data
  return use(CatalogueDraft) ?? saved
}
/** The catalogue as it will be once `field` is saved. */
export const withField = (catalogue: Catalogue, object: string, field: FieldShape): Catalogue =>
  catalogueOf({ ...catalogue, objects: catalogue.objects.map((each) => (each.key === object ? { ...each, fields: [...each.fields.filter(({ key }) => key !== field.key), field] } : each)) })
/** What a colleague configures shows on this open page; what is being filled in stays. */
export function useLiveDefinitions(): void {
  useLive({ kind: 'definitions', epoch: useCatalogue().epoch }, () => void whatIsMine())
}
/** Rights may have come or gone: everything that is on the page is asked for again. Fields first, so that no list asks for one that is gone. */
async function whatIsMine(): Promise<void> {
  const own = [keys.me, ['record'], keys.workbench].map((queryKey) => queries.invalidateQueries({ queryKey }))
  await forgetDefinitions()
  await Promise.all([...own, queries.invalidateQueries({ queryKey: ['records'] })])
}
/** After something was configured: the next drawing shows it. */
export const forgetDefinitions = () => Promise.all([queries.invalidateQueries({ queryKey: keys.definitions }), queries.invalidateQueries({ queryKey: ['definition'] })])

/** What people follow up day by day comes first, in the order the follow-up names it; then what they work through, the rest, and what only shows inside others. */
function inDailyOrder(objects: DefinitionsShape['objects']): DefinitionsShape['objects'] {
  const activity = objects.find((object) => object.activity)
  const subjects = [activity?.fields.find((field) => field.key === activity.activity?.subject)?.to ?? []].flat()
  const rank = (object: DefinitionsShape['objects'][number]) => (object.hidden || object.part ? 400 : object.immutable ? 300 : subjects.includes(object.key) ? subjects.indexOf(object.key) : object.load || object.key === 'task' ? 100 : 200)
  return objects.toSorted((a, b) => rank(a) - rank(b))
}

export function catalogueOf(answer: DefinitionsShape): Catalogue {
  setZone(answer.tenant.zone)
  const objects = inDailyOrder(answer.objects).map((object) => ({ ...object, field: byKey(object.fields) }))
  const [objectsByKey, tags, roles] = [byKey(objects), byKey(answer.tags), byKey(answer.roles)]
  const [members, teams] = [byId(answer.members), byId(answer.teams)]
  const dictionaries = new Map(answer.dictionaries.map((dictionary) => [dictionary.key, byKey(dictionary.options)]))
  const lists = byKey(answer.dictionaries)
  const rights = new Set<string>(answer.me.rights)
  return {
    ...answer,
    objects,
    object: (key) => objectsByKey.get(key),
    options: (dictionary) => (dictionary ? (lists.get(dictionary)?.options ?? []) : []),
    option: (dictionary, key) => (dictionary ? dictionaries.get(dictionary)?.get(key) : undefined),
    member: (id) => (id ? members.get(id) : undefined),
    team: (id) => (id ? teams.get(id) : undefined),
    tag: (key) => tags.get(key),
    role: (key) => roles.get(key),
    layout: (object) => answer.layouts.find((layout) => layout.object === object),
    can: (right) => rights.has(right),
  }
}

const byKey = <T extends { key: string }>(rows: readonly T[]): ReadonlyMap<string, T> => new Map(rows.map((row) => [row.key, row]))
const byId = <T extends { id: number }>(rows: readonly T[]): ReadonlyMap<number, T> => new Map(rows.map((row) => [row.id, row]))
