import { refuse, type Refusal } from '#contract'
import { type Context, memberRows } from '#kernel/access'
import { type DefinitionState, definitionsOf, type Draft, hashOf, type Metadata, rehearse } from '#kernel/metadata'
import { type ConfigurationFile, DEFINITION_KINDS, type DefinitionKind, type Label, type ObjectDefinition } from '#language/definitions'
import type { Tx } from '#platform/db'
import { isCarried, isMembersOwn, makerOf, marksOf, type Sees, whoseHere } from './carried.ts'
import { type Conflict, mergeBodies } from './merge.ts'
import { factsOf, type FieldFacts, lacksSecret, refilled, type Rename, renamed } from './places.ts'
import { historyOf, type Past, withoutRetired } from './plan.ts'

/**
 * How a definition that is brought in stands to what is here. `new`, `same`, `update` (only there changed), `merge` (both changed), `keep` (only here
 * changed), `removed` (taken away here), `lost` (there no longer, though it came from there).
 */
export type Standing = 'new' | 'same' | 'update' | 'merge' | 'keep' | 'removed' | 'lost'

/** What whoever brings it in has decided. By `kind:key`; `take`: where both changed the same, theirs at these paths. */
export interface Choices {
  skip: readonly string[]
  take: Readonly<Record<string, readonly string[]>>
  /** Of what was removed here: comes back. Of what there is no longer there: goes here too. */
  back: readonly string[]
  remove: readonly string[]
  /** Numbers of the file → members and teams of this workspace. */
  members: Readonly<Record<string, number>>
  teams: Readonly<Record<string, number>>
}

export interface BroughtItem {
  kind: DefinitionKind; key: string; label: Label; standing: Standing; conflicts: Conflict[]
  /** As it stands here (null: it does not), and as it would. Of rules, whether they are on, too. */
  mine: unknown; next: unknown
  state: { mine: DefinitionState | null; next: DefinitionState | null }
  /** Why it cannot be brought in. */
  stopped: Refusal[]
  /** What would work only after somebody has seen to it. */
  missing: ('secret' | 'record')[]
  draft: Draft | null
}
export interface Person { place: 'member' | 'team'; ref: number; name: string; roles: string[]; chosen: number | null; /** Named only as whose a view or dashboard is. */ made: boolean; /** Whose what they made will be: never one who is only like them. */ owner: number | null }
export interface BroughtPlan { items: BroughtItem[]; people: Person[]; stamp: string; /** As it would be configured; null: nothing would change. */ next: Metadata | null }

/** May this be published by whoever asks? What stands in the way. */
export type Allowed = (draft: Draft) => Refusal | null

interface World { ctx: Context; me: number | null; file: ConfigurationFile; choices: Choices; allowed: Allowed; sees: Sees; history: ReadonlyMap<string, Past>; before: ConfigurationFile['definitions'] | null; people: readonly Person[]; fieldOf: FieldFacts }

/**
 * What bringing this file in would do, definition by definition; nothing is kept. Three ways: as it was brought in from
 * there last (else as a solution installed it), as it stands here, as it stands there. What cannot be published is stopped, and the rest looked at without it.
 */
export async function planConfiguration(ctx: Context, given: Pick<World, 'file' | 'choices' | 'allowed' | 'sees'>): Promise<BroughtPlan> {
  const { file } = given
  const own = (await definitionsOf(ctx.tx, 'object')).map(({ body }) => body)
  const fieldOf = factsOf((file.definitions.object ?? []) as unknown as ObjectDefinition[], own)
  const world: World = { ctx, me: memberIn(ctx), ...given, history: await historyOf(ctx.tx), before: await lastFrom(ctx.tx, file.from.workspace), people: await peopleHere(ctx, given), fieldOf }
  const items = ALL.flatMap((kind) => (file.definitions[kind] ? [...file.definitions[kind].map((body) => itemOf(world, kind, body)), ...lostOf(world, kind)] : []))
  const next = await rehearsed(ctx, items)
  const stamp = hashOf([ctx.metadata.epoch, items.map(({ kind, key, standing, draft, stopped }) => [kind, key, standing, draft, stopped.length])])
  return { items, people: [...world.people], stamp, next }
}

const ALL = Object.keys(DEFINITION_KINDS) as DefinitionKind[]
const memberIn = ({ principal }: Context): number | null => (principal.kind === 'member' ? principal.member.id : null)
export const idOf = ({ kind, key }: { kind: string; key: string }): string => `${kind}:${key}`

function itemOf(world: World, kind: DefinitionKind, given: { key: string }): BroughtItem {
  const { file, choices, history } = world
  const [id, past] = [idOf({ kind, key: given.key }), history.get(idOf({ kind, key: given.key }))]
  const here = past && past.body !== null ? withoutRetired(read(kind, past.body)) : null
  const unknown = new Set<Person>()
  const translate = translator(world, unknown)
  const whole = whoseHere(kind, refilled(broughtBody(world, { kind, given, here, unknown }), here), here)
  const theirState = kind !== 'rule' ? null : stateIn(file, given.key, whole)
  const item = { kind, key: given.key, label: labelOf(here ?? whole, given.key), mine: here, stopped: [...unknown].map(peopleMissing), missing: missingIn(whole) } satisfies Partial<BroughtItem>
  if (here !== null && isHidden(world, kind, here)) return { ...item, label: labelOf(whole, given.key), mine: null, missing: [], standing: 'keep', conflicts: [], stopped: [], next: null, state: { mine: null, next: null }, draft: null }
  if (here === null) {
    const [standing, wanted] = past ? ['removed' as const, choices.back.includes(id)] : ['new' as const, !choices.skip.includes(id)]
    const came = file.lineage[id]
    const draft: Draft = { kind, key: given.key, body: whole, ...(theirState && { state: theirState }), ...(came && { solution: came.solution, ...(came.base !== undefined && { base: read(kind, renamed({ kind, body: came.base, fieldOf: world.fieldOf }, translate)) }) }) }
    return permitted(world, { ...item, standing, conflicts: [], next: whole, state: { mine: null, next: theirState }, draft: wanted ? draft : null })
  }
  return permitted(world, { ...item, ...met(world, { id, kind, here, whole, past: past!, theirState, translate }) })
}

/** Somebody's own affair, or not for whoever asks to see: nothing is told of how it stands. */
const isHidden = ({ sees }: World, kind: DefinitionKind, here: unknown): boolean => { const each = { kind, body: here as never }; return !isCarried(each) || !sees(each) }

/** As it would be here. Whose it will be is found by itself, and is not asked where it stands already. */
function broughtBody(world: World, { kind, given, here, unknown }: { kind: DefinitionKind; given: { key: string }; here: unknown; unknown: Set<Person> }): unknown {
  const [maker, translate] = [makerOf({ kind, body: given as never }), translator(world, unknown)]
  if (maker === null) return read(kind, renamed({ kind, body: given, fieldOf: world.fieldOf }, translate))
  const { teams, ...rest } = given as { key: string; teams?: unknown }
  const whole = read(kind, renamed({ kind, body: { ...rest, ...(here === null && teams !== undefined && { teams }), owner: null }, fieldOf: world.fieldOf }, translate))
  return { ...(whole as object), owner: here === null ? makerHere(world, maker, unknown) : maker }
}

function makerHere({ people, me }: World, ref: number, unknown: Set<Person>): number {
  const person = people.find((each) => each.place === 'member' && each.ref === ref)
  if (person && person.owner === null) unknown.add(person)
  return (person ? person.owner : me) ?? ref
}

interface Meeting { id: string; kind: DefinitionKind; here: unknown; whole: unknown; past: Past; theirState: DefinitionState | null; translate: Rename }

/** It stands here already. A rule that is here keeps its state unless theirs is taken. */
function met({ choices, before, file, fieldOf }: World, { id, kind, here, whole, past, theirState, translate }: Meeting): Pick<BroughtItem, 'standing' | 'conflicts' | 'next' | 'state' | 'draft'> {
  const key = id.slice(kind.length + 1)
  const last = before?.[kind]?.find((each) => each.key === key)
  const theirBase = last ?? (past.base === null ? file.lineage[id]?.base : undefined)
  const base = whoseHere(kind, theirBase === undefined ? past.base : read(kind, renamed({ kind, body: theirBase, fieldOf }, translate)), here)
  const taken = new Set(choices.take[id])
  const { body, conflicts } = mergeBodies({ base: withoutRetired(base) ?? undefined, mine: here, theirs: whole }, taken)
  const [mineState, differs] = [past.state, kind === 'rule' && theirState !== past.state]
  const state = { mine: kind === 'rule' ? mineState : null, next: kind === 'rule' ? (differs && taken.has(STATE) ? theirState : mineState) : null }
  const all = differs ? [...conflicts, { path: STATE, mine: mineState, theirs: theirState }] : conflicts
  const changes = hashOf(body) !== hashOf(here) || state.next !== state.mine
  const standing: Standing = hashOf(whole) === hashOf(here) && !differs ? 'same' : all.length > 0 ? 'merge' : !changes ? 'keep' : base !== null && hashOf(withoutRetired(base)) === hashOf(here) ? 'update' : 'merge'
  const draft = changes && !choices.skip.includes(id) ? { kind, key, body, ...(state.next && { state: state.next }) } : null
  return { standing, conflicts: all, next: body, state, draft }
}
export const STATE = '$state'

/** Of a kind that is there whole: what came from there, or from a solution that there is too, and is there no longer. */
function lostOf(world: World, kind: DefinitionKind): BroughtItem[] {
  const { file, history, before, choices } = world
  const there = new Set(file.definitions[kind]!.map(({ key }) => key))
  const solutions = new Set(Object.values(file.lineage).map(({ solution }) => solution))
  return [...history].flatMap(([id, { body, state, solution }]): BroughtItem[] => {
    const key = id.slice(id.indexOf(':') + 1)
    if (!id.startsWith(`${kind}:`) || body === null || there.has(key) || isHidden(world, kind, body)) return []
    const came = before?.[kind] ? before[kind].some((each) => each.key === key) : solution !== null && solutions.has(solution)
    if (!came) return []
    const goes = choices.remove.includes(id)
    return [permitted(world, { kind, key, label: labelOf(body, key), standing: 'lost', conflicts: [], mine: withoutRetired(body), next: goes ? null : withoutRetired(body), state: { mine: kind === 'rule' ? state : null, next: null }, stopped: [], missing: [], draft: goes ? { kind, key, body: null } : null })]
  })
}

/** What may not be done, or waits for somebody to be named, is not done. */
function permitted({ allowed }: World, item: BroughtItem): BroughtItem {
  if (!item.draft) return { ...item, stopped: [] }
  const refusal = allowed(item.draft)
  const stopped = [...item.stopped, ...(refusal ? [refusal] : [])]
  return { ...item, stopped, draft: stopped.length > 0 ? null : item.draft }
}

/** Publishes as if, until what remains would be let in. What is refused is stopped, with why. */
async function rehearsed(ctx: Context, items: BroughtItem[]): Promise<Metadata | null> {
  for (let round = 0; ; round++) {
    const drafts = items.flatMap(({ draft }) => draft ?? [])
    if (drafts.length === 0) return null
    const { refusals, next } = await rehearse(ctx, drafts)
    if (refusals.length === 0) return next
    const at = Map.groupBy(refusals, idOf)
    let stops = 0
    for (const item of items) { const why = at.get(idOf(item)); if (why && item.draft) { item.stopped.push(...why.map(({ refusal }) => refusal)); item.draft = null; stops++ } }
    if (stops === 0 || round === ROUNDS) { for (const item of items) if (item.draft) { item.stopped.push(refusals[0]!.refusal); item.draft = null } return null }
  }
}
const ROUNDS = 12

/** Members and teams as they are here; whom nobody is chosen for is noted. A record is what it is, or is nobody here. */
const translator = ({ people }: World, unknown: Set<Person>): Rename => (place, id) => {
  if (place === 'record') return id
  const person = people.find((each) => each.place === place && each.ref === id)
  if (!person) return id
  if (person.chosen === null) unknown.add(person)
  return person.chosen ?? id
}

/**
 * Whoever is chosen; else the one with that e-mail, else the one by that name who has such a role; else for what they made and shared
 * whoever brings it in, and wherever else they are named the only one who has all of their roles. Teams by name.
 */
async function peopleHere(ctx: Context, { file, choices }: Pick<World, 'file' | 'choices'>): Promise<Person[]> {
  const { tx, metadata } = ctx
  const here = [...(await memberRows(tx)).values()].filter(({ active }) => active)
  const [marks, me, named] = [await marksOf(tx, file.from.workspace), memberIn(ctx), namedIn(file)]
  const [teams, chosen] = [[...metadata.teams.values()], (given: number | undefined, known: (id: number) => boolean) => (given !== undefined && known(given) ? given : undefined)]
  const members = file.people.members.map(({ ref, name, roles, mark }): Person => {
    const made = !named.has(ref)
    const [same, alike] = [here.filter((each) => each.name === name && each.roles.some((role) => roles.includes(role))), here.filter((each) => roles.length > 0 && roles.every((role) => each.roles.includes(role)))]
    const known = mark === undefined ? undefined : here.find(({ id }) => marks.get(id) === mark)
    const found = chosen(choices.members[ref], (id) => here.some((each) => each.id === id)) ?? known?.id ?? only(same)
    const owner = found ?? me
    return { place: 'member', ref, name, roles, made, owner, chosen: made ? owner : (found ?? only(alike)) }
  })
  return [...members, ...file.people.teams.map(({ ref, name }): Person => {
    return { place: 'team', ref, name, roles: [], made: false, owner: null, chosen: chosen(choices.teams[ref], (id) => metadata.teams.has(id)) ?? only(teams.filter((each) => each.name === name)) }
  })]
}
const only = (found: readonly { id: number }[]): number | null => (found.length === 1 ? found[0]!.id : null)

/** Members of the file that its definitions name otherwise than as whose they are. */
function namedIn({ definitions }: ConfigurationFile): ReadonlySet<number> {
  const [found, fieldOf] = [new Set<number>(), factsOf((definitions.object ?? []) as unknown as ObjectDefinition[])]
  const note: Rename = (place, id) => { if (place === 'member') found.add(id as number); return id }
  for (const kind of ALL) for (const body of definitions[kind] ?? []) renamed({ kind, body: isMembersOwn({ kind, body: body as never }) ? { ...body, owner: null } : body, fieldOf }, note)
  return found
}

const peopleMissing = ({ place, name }: Person): Refusal => refuse('CONFIGURATION_PEOPLE', undefined, { what: place === 'member' ? '成员' : '部门', whatEn: place, name })

/** A rule whose address lacks its secret is not switched on by bringing it in. */
function stateIn({ states }: ConfigurationFile, key: string, body: unknown): DefinitionState {
  const state = states.active.includes(key) ? 'active' : states.paused.includes(key) ? 'paused' : 'template'
  return state === 'active' && lacksSecret(body) ? 'paused' : state
}

const missingIn = (body: unknown): BroughtItem['missing'] => (lacksSecret(body) ? ['secret'] : [])

/** In the shape of its kind, so that defaults stand in it; as it is where it is not of that shape: publishing says why. */
function read(kind: DefinitionKind, body: unknown): unknown {
  const parsed = DEFINITION_KINDS[kind].safeParse(body)
  return parsed.success ? parsed.data : body
}

function labelOf(body: unknown, key: string): Label {
  const label = (body as { label?: Partial<Label> } | null)?.label
  return typeof label?.zh === 'string' && typeof label.en === 'string' ? { zh: label.zh, en: label.en } : { zh: key, en: key }
}

/** What was brought in from there last and stands. */
async function lastFrom(tx: Tx, workspace: string): Promise<ConfigurationFile['definitions'] | null> {
  const [row] = await tx.query<{ definitions: ConfigurationFile['definitions'] }>(`select file->'definitions' as definitions from {t}.configuration_import where workspace = $1 and undone_at is null order by id desc limit 1`, [workspace])
  return row?.definitions ?? null
}

