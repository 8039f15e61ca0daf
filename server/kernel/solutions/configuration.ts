import { createHash } from 'node:crypto'
import { refuse, type Refusal } from '#contract'
import { type Context, memberRows } from '#kernel/access'
import { canonical, definitionsOf, hashOf, type StoredDefinition } from '#kernel/metadata'
import { CONFIGURATION_FORMAT, CONFIGURATION_VERSION, ConfigurationFile, type DefinitionKind, DEFINITION_KINDS, type ObjectDefinition } from '#language/definitions'
import { rootKeys, type Tx } from '#platform/db'
import { historyOf, type Past, withoutRetired } from './plan.ts'
import { isCarried, makerOf, marksOf, type Owned, type Sees } from './carried.ts'
import { factsOf, type FieldFacts, readdressed, type Rename, renamed, withoutSecret } from './places.ts'

const ALL = Object.keys(DEFINITION_KINDS) as DefinitionKind[]

/**
 * What is configured, of these kinds, as a file for another workspace. What is one member's own affair and retired fields stay
 * behind, what whoever asks may not see, and secrets; members and teams are numbered anew, who made what is shared among them. The same configuration gives the same definitions, byte for byte.
 */
export async function exportConfiguration(ctx: Context, kinds: readonly DefinitionKind[], sees: Sees): Promise<ConfigurationFile> {
  const { tx } = ctx
  const [history, objects] = [await historyOf(tx), await definitionsOf(tx, 'object')]
  const numbers: Numbers = { member: new Map(), team: new Map() }
  const pack = packer(factsOf(objects.map(({ body }) => body)), numbers)
  const stored = new Map<DefinitionKind, readonly StoredDefinition[]>()
  for (const kind of ALL.filter((each) => kinds.includes(each))) stored.set(kind, (await definitionsOf(tx, kind)).filter((each) => isCarried(each) && sees(each)))
  const definitions = Object.fromEntries([...stored].map(([kind, each]) => [kind, each.map(({ body }) => pack(kind, body))]))
  const lineage = Object.fromEntries([...stored].flatMap(([kind, each]) => each.flatMap((one) => { const came = cameFrom(one, history, pack); return came ? [[`${kind}:${one.key}`, came] as const] : [] })))
  const rules = (stored.get('rule') ?? []) as readonly StoredDefinition<'rule'>[]
  const states = { active: keysIn(rules, 'active'), paused: keysIn(rules, 'paused') }
  const [workspace, makers] = [await workspaceOf(tx), new Set([...stored.values()].flatMap((each) => each.flatMap((one) => makerOf(one) ?? [])))]
  const by = ctx.principal.kind === 'member' ? ctx.principal.member.name : ctx.tenant.name
  return {
    format: CONFIGURATION_FORMAT, version: CONFIGURATION_VERSION, from: { workspace, name: ctx.tenant.name, at: ctx.now.toISOString(), by },
    people: await peopleOf(ctx, numbers, { workspace, makers }), states, definitions: definitions as ConfigurationFile['definitions'], lineage, digest: digestOf({ states, definitions, lineage }),
  }
}

/** From JSON to a configuration; what is not one, or of a newer product, is refused. */
export function readConfiguration(json: unknown): { ok: true; file: ConfigurationFile } | { ok: false; refusal: Refusal } {
  const said = json as { format?: unknown; version?: unknown } | null
  if (typeof said !== 'object' || said?.format !== CONFIGURATION_FORMAT) return { ok: false, refusal: refuse('CONFIGURATION_UNREADABLE', 'file', { reason: '不是导出的配置文件', reasonEn: 'this is no exported configuration' }) }
  if (typeof said.version === 'number' && said.version > CONFIGURATION_VERSION) return { ok: false, refusal: refuse('CONFIGURATION_NEWER', 'file', { version: said.version, known: CONFIGURATION_VERSION }) }
  const parsed = ConfigurationFile.safeParse(json)
  if (parsed.success) return withoutPrivate(parsed.data)
  const { path, message } = parsed.error.issues[0]!
  return { ok: false, refusal: refuse('CONFIGURATION_UNREADABLE', 'file', { reason: `${path.join('.')} ${message}`, reasonEn: `${path.join('.')} ${message}` }) }
}

/** What is one member's own affair never leaves: a file that has it was made up, and would put it in somebody's place. */
function withoutPrivate(file: ConfigurationFile): ReturnType<typeof readConfiguration> {
  const own = (['view', 'dashboard'] as const).flatMap((kind) => (file.definitions[kind] ?? []).map((body): Owned => ({ kind, body: body as never }))).find((each) => !isCarried(each))
  return own ? { ok: false, refusal: refuse('CONFIGURATION_UNREADABLE', 'file', { reason: `「${own.body.key}」没有共享，不会在导出的文件里`, reasonEn: `“${own.body.key}” is not shared, so no export holds it` }) } : { ok: true, file }
}

/** Does it still say what it said when it was exported? */
export const isUntouched = ({ states, definitions, lineage, digest }: ConfigurationFile): boolean => digestOf({ states, definitions, lineage }) === digest

/** The same for the life of a workspace, and nobody guesses from it. */
export async function workspaceOf(tx: Tx): Promise<string> {
  const { log } = await rootKeys(tx)
  return createHash('sha256').update(`workspace ${log}`).digest('hex').slice(0, 32)
}

const digestOf = (parts: unknown): string => createHash('sha256').update(canonical(parts)).digest('hex')
const keysIn = (rules: readonly StoredDefinition<'rule'>[], state: StoredDefinition['state']) => rules.filter((rule) => rule.state === state).map(({ key }) => key)

interface Numbers { member: Map<number, number>; team: Map<number, number> }
type Pack = (kind: DefinitionKind, body: unknown) => unknown

/** Members and teams are numbered as they come up; a record stays as it is named. */
function packer(fieldOf: FieldFacts, numbers: Numbers): Pack {
  const rename: Rename = (place, id) => {
    if (place === 'record') return id
    const known = numbers[place]
    if (!known.has(id as number)) known.set(id as number, known.size + 1)
    return known.get(id as number)!
  }
  return (kind, body) => readdressed(renamed({ kind, body: withoutRetired(body), fieldOf }, rename), withoutSecret)
}

/** Which solution a definition came from, and how that had it where it has been changed since. */
function cameFrom({ kind, key, solution, installed, body }: StoredDefinition, history: ReadonlyMap<string, Past>, pack: Pack) {
  if (solution === null) return null
  const base = history.get(`${kind}:${key}`)?.base ?? null
  if (hashOf(body) === installed || hashOf(withoutRetired(body)) === installed) return { solution }
  if (base === null) return null
  const packed = pack(kind, base)
  return hashOf(packed) === hashOf(pack(kind, body)) ? { solution } : { solution, base: packed as ObjectDefinition }
}

/** By a mark only whoever made something that goes along: it says whose it will be. */
async function peopleOf({ tx, metadata }: Context, { member, team }: Numbers, { workspace, makers }: { workspace: string; makers: ReadonlySet<number> }): Promise<ConfigurationFile['people']> {
  const [members, marks] = [await memberRows(tx), makers.size > 0 ? await marksOf(tx, workspace) : new Map<number, string>()]
  return {
    members: [...member].map(([id, ref]) => ({ ref, name: members.get(id)?.name ?? `#${id}`, roles: [...(members.get(id)?.roles ?? [])], ...(makers.has(id) && marks.has(id) && { mark: marks.get(id)! }) })),
    teams: [...team].map(([id, ref]) => ({ ref, name: metadata.teams.get(id)?.name ?? `#${id}` })),
  }
}
