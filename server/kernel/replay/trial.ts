import { KERNEL, kernelContext, memberPrincipal, memberRows, type Context } from '#kernel/access'
import { fallbackKey, isFallback, metadataAsIf, type AsIf, type Metadata, type PublishedRule } from '#kernel/metadata'
import { pokes, programOf, type Event } from '#kernel/automation'
import { pushedSince, type Sent } from '#kernel/intake'
import { poolsOf, type Pool } from '#kernel/records'
import { actionsIn, type Capability } from '#language/definitions'
import type { Database, Tenant, Tx } from '#platform/db'
import { Refused } from '#contract'
import { askedSince } from './asked.ts'
import { chainSql } from './chains.ts'
import { concernedObjects } from './concerned.ts'
import type { Cast } from './cast.ts'
import { Course } from './course.ts'
import { DECIDED, isDecided, Settled } from './decided.ts'
import { Deeds } from './deeds.ts'
import { actualOf, Abouts, type Actual } from './actual.ts'
import { Contrast, type Apart, type Counts, type Effect } from './effects.ts'
import { pagesOf } from './pages.ts'
import { Shelf } from './shelf.ts'
import { Ledger } from './ledger.ts'
import { SharedPacking } from './packing.ts'

export interface TrialAsk { draft: AsIf; days: number }
/** `onEffect`: everything that comes about, in each course. */
export interface TrialHooks { signal?: AbortSignal | undefined; onProgress?: (done: number) => void; onEffect?: (course: 'now' | 'asIf', effect: Effect) => void }

/** `now`: the rules in force; `asIf`: the same with the draft in force all the time. */
export interface Trial {
  from: Date
  to: Date
  /** Changes of the log that were read, of how many records; events that were answered, in each course. */
  read: number
  records: number
  answered: { now: number; asIf: number }
  ms: number
  effects: { now: Counts; asIf: Counts }
  apart: readonly Apart[]
  runs: { now: ReadonlyMap<string, number>; asIf: ReadonlyMap<string, number> }
  loads: { now: ReadonlyMap<string, number>; asIf: ReadonlyMap<string, number> }
  /** How often somebody's word was asked for: what they really said is known, or the run ended there. */
  words: { now: Course['words']; asIf: Course['words'] }
  /** What members decided about waiting runs, and about rules for their own records. */
  decided: { now: Course['decided']; asIf: Course['decided'] }
  /** Of what came to the address of the draft's rule: what is tried, and what is not. Null: nothing comes to it. */
  pushes: Pushes | null
  /** Of those records in `apart` where it came about last, at most MOST_TOLD. */
  actual: ReadonlyMap<string, readonly Actual[]>
  /** Records that exist in the trial only. */
  made: ReadonlySet<string>
}

export interface Pushes { tried: number; off: number; erased: number }

const DAY = 86_400_000
/** Others are served in between. */
const SLICE_MS = 15

/**
 * What a rule or an assignment policy would have done over the last days, had it been in force: the log is read from its beginning, what people did is
 * taken as it was, and what rules did is decided anew in two courses, one with what is in force today, one with the draft. Nothing is written or sent.
 * Reads in short transactions up to where the log stands now. Refused as the publication of the draft would be. Throws the signal's reason when aborted.
 */
export async function tryOut(db: Database, tenant: Tenant, { draft, days }: TrialAsk, { signal, onProgress, onEffect }: TrialHooks = {}): Promise<Trial> {
  const started = performance.now()
  const scene = await db.read(tenant, (tx) => sceneOf(tx, draft, days))
  const [deeds, past, contrast, abouts] = [new Deeds(), new Ledger(new Shelf(new SharedPacking())), new Contrast(), new Abouts()]
  const [settled, made]: [Settled, Cast['made']] = [new Settled(), new Map()]
  const stage: Stage = { scene, past, deeds, settled, made, tell: (side, effect) => { contrast.tell(side, effect); onEffect?.(side, effect) } }
  let courses: [Course, Course] | null = null
  let read = 0
  for await (const page of pagesOf(db, tenant, { ...scene, objects: [...scene.objects, ...DECIDED] }, () => courses !== null)) {
    signal?.throwIfAborted()
    await settled.learn(db, tenant, page.flatMap(({ at, facts }) => (at < scene.from ? [] : facts)))
    let slice = performance.now()
    for (const act of page) {
      if (performance.now() - slice > SLICE_MS) { await new Promise(setImmediate); slice = performance.now() }
      const facts = act.facts.some(isDecided) ? act.facts.filter((fact) => !isDecided(fact)) : act.facts
      read += act.facts.length
      if (scene.counts) deeds.note(facts)
      const decided = facts === act.facts ? [] : act.facts.flatMap((fact) => settled.take(fact) ?? [])
      if (act.at < scene.from) { for (const fact of facts) past.carry(fact); past.tidy(); continue }
      courses ??= open(stage)
      abouts.note(facts)
      for (const each of decided) for (const course of courses) course.decide(each, act.at)
      if (act.actor.kind !== 'rule' && facts.length > 0) for (const course of courses) course.happen(facts, act)
    }
    onProgress?.(scene.head === 0 ? 1 : page.at(-1)!.facts.at(-1)!.seq / scene.head)
  }
  courses ??= open(stage)
  for (const course of courses) course.pass(scene.to)
  const apart = contrast.apart()
  const actual = await db.read(tenant, (tx) => actualOf(tx, scene, { records: newestOf(apart), abouts }))
  return told(courses, { scene, contrast, apart, actual, read, made: new Set([...made.values()].flat()), ms: performance.now() - started })
}

/** More records are not told of one by one. */
export const MOST_TOLD = 200

/** Records with what is apart in them, those where something came about last first. */
export const byRecord = (apart: readonly Apart[]): (readonly [string, readonly Apart[]])[] => [...Map.groupBy(apart, ({ record }) => record)].map((each) => [latestOf(each[1]), each] as const).sort((a, b) => b[0] - a[0]).map(([, each]) => each)
const latestOf = (apart: readonly Apart[]): number => apart.reduce((latest, { now, asIf }) => Math.max(latest, now ?? 0, asIf ?? 0), 0)
const newestOf = (apart: readonly Apart[]): string[] => byRecord(apart).slice(0, MOST_TOLD).map(([record]) => record)

interface Stage { scene: Scene; past: Ledger; deeds: Deeds; settled: Settled; made: Cast['made']; tell: (side: 'now' | 'asIf', effect: Effect) => void }

function open({ scene, past, deeds, settled, made, tell }: Stage): [Course, Course] {
  const members = new Map([...scene.cast.members].map(([id, row]) => [id, { ...row, own: settled.of(id) }]))
  const cast: Cast = { ...scene.cast, members, made, repeats: (query) => deeds.count(query) }
  const now = new Course({ ...scene.ctx, metadata: scene.now }, past.copy(), { cast, tell: (effect) => tell('now', effect) })
  now.begin(scene.from)
  const asIf = new Course({ ...scene.ctx, metadata: scene.asIf }, past, { cast, tell: (effect) => tell('asIf', effect), following: { course: now, ...governing(scene) } })
  asIf.begin(scene.from)
  return [now, asIf]
}

/** Which events the draft, or what it takes the place of, has a say in. Who gets a record is seen in what the answer looked at. */
function governing({ draft: { kind, key }, now, asIf }: Scene): { concerns(event: Event): boolean; rewinds: ReadonlySet<string> } {
  const its = (rule: string) => (kind === 'rule' ? rule === key : isFallback(rule) && rule.startsWith(fallbackKey(key, 0).slice(0, -1)))
  const rules = [now, asIf].flatMap(({ rules: all }) => [...all.values()].filter((rule) => its(rule.key) && rule.state === 'active'))
  const assigns = kind === 'rule' ? [] : [...asIf.rules.values()].filter(({ actions }) => actionsIn(actions).some((action) => action.do === 'assign' && action.policy === key))
  const wakes = ({ object, kind, fields }: Event) => [now, asIf].some((metadata) => programOf(metadata).pokes(object).some((each) => pokes(each, kind, Object.keys(fields))))
  return { concerns: (event) => wakes(event) || rules.some((rule) => hears(rule, event)) || assigns.some((rule) => hears(rule, event)), rewinds: new Set(rules.map((rule) => rule.key)) }
}

function hears({ key, trigger }: PublishedRule, { object, kind, fields, timer }: Event): boolean {
  if (timer) return timer.kind !== 'grade' && timer.name === key
  if (object !== trigger.object) return false
  switch (trigger.on) {
    case 'created': return kind === 'created'
    case 'changed': return kind === 'changed' && (trigger.fields === undefined || trigger.fields.some((field) => fields[field] !== undefined))
    case 'tagged': return fields['tags'] !== undefined
    case 'deadline': return kind !== 'changed' || fields[trigger.field] !== undefined || (trigger.before !== undefined && fields[trigger.before] !== undefined)
    default: return true
  }
}

interface Told { scene: Scene; contrast: Contrast; apart: Apart[]; actual: ReadonlyMap<string, readonly Actual[]>; read: number; made: ReadonlySet<string>; ms: number }

const told = ([now, asIf]: [Course, Course], { scene, contrast: { counts }, ...rest }: Told): Trial =>
  ({ from: scene.from, to: scene.to, ...rest, words: { now: now.words, asIf: asIf.words }, decided: { now: now.decided, asIf: asIf.decided }, pushes: pushesOf(scene), records: now.records, answered: { now: now.answered, asIf: asIf.answered }, effects: counts, runs: { now: now.runs, asIf: asIf.runs }, loads: { now: now.loads, asIf: asIf.loads } })

/** What stands still during a trial. */
interface Scene { draft: AsIf; counts: boolean; from: Date; to: Date; head: number; now: Metadata; asIf: Metadata; ctx: Context; objects: readonly string[]; cast: Omit<Cast, 'repeats' | 'made'> }

async function sceneOf(tx: Tx, draft: AsIf, days: number): Promise<Scene> {
  const given = await metadataAsIf(tx, draft)
  if (!given.ok) throw new Refused(given.refusals[0]!)
  const { now, asIf } = given
  const from = new Date(tx.now.getTime() - days * DAY)
  const members = await memberRows(tx)
  const principals = await Promise.all([...members.values()].filter(({ active }) => active).map(async ({ id }) => [id, await memberPrincipal(tx, id)] as const))
  const capabilities = await tx.query<{ id: number; capability: Capability }>('select id, capability from {t}.member')
  const received = await tx.query<{ member: number; last: number }>('select member, max(id) as last from {t}.assignment where opened_at < $1 group by member', [from])
  const [last] = await tx.query<{ head: number | null }>('select max(seq) as head from {t}.change')
  const cast = { members, principals: new Map(principals), capabilities: new Map(capabilities.map(({ id, capability }) => [id, capability])), received: new Map(received.map((each) => [each.member, each.last])), twins: await twinsOf(tx, from), asked: await askedSince(tx, from), sent: await sentTo(tx, [now, asIf], from), pools: await poolsBy(tx) }
  const ctx: Context = { tenant: tx.tenant, tx: silent(tx), now: tx.now, metadata: now, principal: KERNEL, actor: { kind: 'system', reason: 'replay' }, cause: { kind: 'backfill' }, request: null }
  const counts = [now, asIf].some(({ rules }) => [...rules.values()].some(({ state, trigger }) => state === 'active' && trigger.on === 'changed' && trigger.often))
  return { draft, counts, from, to: tx.now, head: last?.head ?? 0, now, asIf, ctx, objects: [...new Set([...concernedObjects(now), ...concernedObjects(asIf)])], cast }
}

/** A trial asks the database for nothing while it decides. */
const silent = (tx: Tx): Tx => ({ tenant: tx.tenant, now: tx.now, epoch: tx.epoch, afterCommit: () => {}, query: () => { throw new Error('a trial decides on what it has') } })

async function poolsBy(tx: Tx): Promise<Map<string, readonly Pool[]>> {
  const ctx = await kernelContext(tx, { kind: 'system', reason: 'replay' }, { kind: 'backfill' })
  const found = new Map<string, readonly Pool[]>()
  for (const pooling of ctx.metadata.poolings.values()) found.set(pooling.object, await poolsOf(ctx, pooling))
  return found
}

async function sentTo(tx: Tx, both: readonly Metadata[], from: Date): Promise<Sent[]> {
  const rules = new Set(both.flatMap(({ rules: all }) => [...all.values()].filter(({ trigger }) => trigger.on === 'pushed').map(({ key }) => key)))
  return rules.size === 0 ? [] : pushedSince(tx, [...rules], from)
}

function pushesOf({ draft: { kind, key }, asIf, cast: { sent } }: Scene): Pushes | null {
  if (kind !== 'rule' || asIf.rules.get(key)?.trigger.on !== 'pushed') return null
  const mine = sent.filter(({ rule }) => rule === key)
  const count = (left: Sent['left']): number => mine.filter((each) => each.left === left).length
  return { tried: count(null), off: count('off'), erased: count('erased') }
}

/** Records that rules made in the time, by what they answered. */
async function twinsOf(tx: Tx, from: Date): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ key: string; object: string; record: string }>(
    `select coalesce(chain.name, '') as key, c.object, c.record
     from {t}.act a join {t}.change c on c.act = a.id and c.record_version = 1
     ${chainSql(`coalesce((a.cause->>'root')::bigint, (a.cause->>'event')::bigint)`)}
     where a.at >= $1 and a.actor_kind = 'rule' order by c.seq`, [from])
  return new Map([...Map.groupBy(rows, ({ key, object }) => `${key} ${object}`)].map(([key, same]) => [key, same.map(({ record }) => record)]))
}
