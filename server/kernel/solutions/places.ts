import { type DefinitionKind, type ObjectDefinition, SECRET_LEFT_OUT } from '#language/definitions'

/** What in a definition is a number of this workspace only: a member, a team, one record. */
export type Place = 'member' | 'team' | 'record'
export type Rename = (place: Place, id: number | string) => number | string
/** What a field of an object is, and to which object a reference points. */
export type FieldFacts = (object: string, field: string) => { kind: string; to?: string | undefined } | undefined

type Node = Readonly<Record<string, unknown>>
interface Walk { fieldOf: FieldFacts; rename: Rename; object: string }

/** The definition with every member, team and record that it names renamed. Pure. */
export function renamed({ kind, body, fieldOf }: { kind: DefinitionKind; body: unknown; fieldOf: FieldFacts }, rename: Rename): unknown {
  const whole = body as Node
  if (kind === 'role') return { ...whole, objects: mapValues(whole['objects'] as Node, (each, key) => walk(each, { fieldOf, rename, object: key })) }
  return walk(whole, { fieldOf, rename, object: objectOf(kind, whole) })
}

/** Of which object a definition speaks; empty: of none, or of several. */
export function objectOf(kind: DefinitionKind, body: unknown): string {
  const whole = body as Node
  const named = kind === 'object' ? whole['key'] : kind === 'rule' ? (whole['trigger'] as Node | undefined)?.['object'] : whole['object']
  return typeof named === 'string' ? named : ''
}

/** Of definitions that stand, or come along, or both: the first that knows the object says. */
export function factsOf(...objects: readonly (readonly ObjectDefinition[])[]): FieldFacts {
  const known = new Map(objects.flat().toReversed().map(({ key, fields }) => [key, new Map(fields.map((field) => [field.key, field]))]))
  return (object, key) => {
    const base = BASE[key]
    if (base && known.has(object)) return { kind: base }
    const field = known.get(object)?.get(key)
    return field && { kind: field.kind, to: typeof field.to === 'string' ? field.to : undefined }
  }
}
const BASE: Readonly<Record<string, string>> = { id: 'id', owner: 'member', collaborators: 'members', created_by: 'member', updated_by: 'member', owner_team: 'team' }

/** Written by field: what stands under a field of this object is a value of it. */
const WRITTEN: ReadonlySet<string> = new Set(['set', 'values', 'enter', 'claim', 'constants'])
const RELATIONS = ['some', 'none', 'count', 'sum', 'latest'] as const

function walk(node: unknown, at: Walk): unknown {
  if (Array.isArray(node)) return node.map((each) => walk(each, at))
  if (typeof node !== 'object' || node === null) return node
  const given = node as Node
  if (typeof given['field'] === 'string' && typeof given['op'] === 'string' && 'value' in given) return { ...given, value: valueOf(given['field'], given['value'], at) }
  if (typeof given['changedTo'] === 'string') return { ...given, value: valueOf(given['changedTo'], given['value'], at) }
  if (typeof given['parent'] === 'string' && 'where' in given) return { ...given, where: walk(given['where'], { ...at, object: at.fieldOf(at.object, given['parent'])?.to ?? '' }) }
  const relation = RELATIONS.map((each) => given[each]).find((each) => typeof each === 'object' && each !== null) as Node | undefined
  if (relation) return related(given, { ...at, object: String(relation['object']) })
  return mapValues(given, (value, key) => part(key, value, inside(given, key, at)))
}

function related(given: Node, at: Walk): Node {
  const value = 'latest' in given && 'value' in given ? { value: valueOf(String(given['of']), given['value'], at) } : {}
  return { ...given, ...value, ...('where' in given && { where: walk(given['where'], at) }) }
}

/** Of which object a part of a node speaks. */
function inside(given: Node, key: string, at: Walk): Walk {
  const own = typeof given['object'] === 'string' ? given['object'] : null
  if (typeof given['do'] !== 'string') return own === null ? at : { ...at, object: own }
  if (own !== null && key !== 'if') return { ...at, object: own }
  if (typeof given['via'] !== 'string') return at
  return { ...at, object: typeof given['viaObject'] === 'string' ? given['viaObject'] : (at.fieldOf(at.object, given['via'])?.to ?? '') }
}

function part(key: string, value: unknown, at: Walk): unknown {
  if (WRITTEN.has(key) && typeof value === 'object' && value !== null && !Array.isArray(value)) return mapValues(value as Node, (each, field) => (typeof each === 'object' ? walk(each, at) : valueOf(field, each, at)))
  const numbered = NUMBERED[key]
  if (numbered && typeof value === 'number') return at.rename(numbered, value)
  if (numbered && Array.isArray(value) && value.every((each) => typeof each === 'number')) return value.map((each) => at.rename(numbered, each))
  return walk(value, at)
}
const NUMBERED: Readonly<Record<string, Place>> = { member: 'member', members: 'member', owner: 'member', team: 'team', teams: 'team' }

const KINDS: Readonly<Record<string, Place>> = { member: 'member', members: 'member', team: 'team', reference: 'record', anyReference: 'record', id: 'record' }
function valueOf(field: string, value: unknown, at: Walk): unknown {
  const place = KINDS[at.fieldOf(at.object, field)?.kind ?? '']
  if (!place) return value
  if (Array.isArray(value)) return value.map((each) => valueOf(field, each, at))
  const fits = place === 'record' ? typeof value === 'string' && UUID.test(value) : typeof value === 'number'
  return fits ? at.rename(place, value as number | string) : value
}
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

const mapValues = (node: Node | undefined, change: (value: unknown, key: string) => unknown): Node => Object.fromEntries(Object.entries(node ?? {}).map(([key, value]) => [key, change(value, key)]))

/** The definition with every address that something is sent to as `change` has it. */
export function readdressed(node: unknown, change: (url: string) => string): unknown {
  if (Array.isArray(node)) return node.map((each) => readdressed(each, change))
  if (typeof node !== 'object' || node === null) return node
  const given = node as Node
  return mapValues(given, (value, key) => (given['do'] === 'webhook' && key === 'url' && typeof value === 'string' ? change(value) : readdressed(value, change)))
}

/** An address without what only its sender should know: name and password, values of the query, parts that look like a key. */
export function withoutSecret(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed) return url
  const path = parsed.pathname.split('/').map((each, i, all) => (isSecret(each, all[i - 1] ?? '') ? SECRET_LEFT_OUT : each))
  const query = [...parsed.searchParams].map(([key, value]) => (value === '' ? key : `${key}=${SECRET_LEFT_OUT}`))
  const bare = `${parsed.protocol}//${parsed.host}${path.join('/')}${query.length > 0 ? `?${query.join('&')}` : ''}`
  return bare === `${parsed.protocol}//${parsed.host}${parsed.pathname}` && parsed.username === '' && parsed.password === '' && parsed.search === '' && parsed.hash === '' ? url : bare
}

/** Long and of letters and digits mixed, or right behind a word after which keys stand. */
const isSecret = (part: string, before: string): boolean => part !== SECRET_LEFT_OUT && ((part.length >= 16 && /\d/.test(part) && /[a-z]/i.test(part)) || part.length >= 24 || (part.length >= 6 && /^(hooks?|services?|tokens?|keys?|secrets?)$/i.test(before)))

/** Addresses as they stand here, where what came along lacks only its secret. */
export function refilled(body: unknown, mine: unknown): unknown {
  const known = new Map<string, string>()
  readdressed(mine, (url) => { known.set(withoutSecret(url), url); return url })
  return readdressed(body, (url) => (url.includes(SECRET_LEFT_OUT) ? (known.get(url) ?? url) : url))
}

export const lacksSecret = (body: unknown): boolean => { let lacks = false; readdressed(body, (url) => { lacks ||= url.includes(SECRET_LEFT_OUT); return url }); return lacks }
