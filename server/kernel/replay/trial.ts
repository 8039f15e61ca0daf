import { KERNEL, kernelContext, memberPrincipal, memberRows, type Cause, type Context } from '#kernel/access'
import { actorOf, type FieldChanges } from '#kernel/changes'
import { fallbackKey, isFallback, metadataAsIf, type AsIf, type Metadata, type PublishedRule } from '#kernel/metadata'
import { pokes, programOf, type Event } from '#kernel/automation'
import { poolsOf, readRecords, type Pool, type RecordImage } from '#kernel/records'
import { actionsIn, type Capability } from '#language/definitions'
import type { Database, Tenant, Tx } from '#platform/db'
import { Refused } from '#contract'
import { concernedObjects } from './concerned.ts'
import type { Cast } from './cast.ts'
import { Course } from './course.ts'
import { Deeds } from './deeds.ts'
import { contrast, type Apart, type Effect } from './effects.ts'
import { Ledger, type Fact } from './ledger.ts'

export interface TrialAsk { draft: AsIf; days: number }
export interface TrialHooks { signal?: AbortSignal | undefined; onProgress?: (done: number) => void }

/** What really happened to one record in the time: who changed what, when. */
export interface Actual { at: Date; actor: Fact['actor']; fields: readonly string[]; born: boolean; tags: { added: number[]; removed: number[] }; owner: number | null | undefined; about: { object: string; id: string } | null }

/** `now`: the rules in force; `asIf`: the same with the draft in force all the time. */
export interface Trial {
  from: Date
  to: Date
  /** Changes of the log that were read, of how many records; events that were answered, in each course. */
  read: number
  records: number
  answered: { now: number; asIf: number }
  ms: number
  effects: { now: readonly Effect[]; asIf: readonly Effect[] }
  apart: readonly Apart[]
  runs: { now: ReadonlyMap<string, number>; asIf: ReadonlyMap<string, number> }
  loads: { now: ReadonlyMap<string, number>; asIf: ReadonlyMap<string, number> }
  /** Of the records in `apart`. */
  actual: ReadonlyMap<string, readonly Actual[]>
}

const PAGE = { before: 4_000, within: 1_500 }
const DAY = 86_400_000
/** Others are served in between. */
const SLICE_MS = 15

/**
 * What a rule or an assignment policy would have done over the last days, had it been in force: the log is read from its beginning, what people did is
 * taken as it was, and what rules did is decided anew in two courses, one with what is in force today, one with the draft. Nothing is written or sent.
 * Reads in short transactions up to where the log stands now. Refused as the publication of the draft would be. Throws the signal's reason when aborted.
 */
export async function tryOut(db: Database, tenant: Tenant, { draft, days }: TrialAsk, { signal, onProgress }: TrialHooks = {}): Promise<Trial> {
  const started = performance.now()
  const scene = await db.read(tenant, (tx) => sceneOf(tx, draft, days))
  const [deeds, past] = [new Deeds(), new Ledger()]
  let courses: [Course, Course] | null = null
  const actual = new Map<string, Actual[]>()
  let read = 0
  for await (const page of pagesOf(db, tenant, scene, () => courses !== null)) {
    signal?.throwIfAborted()
    let slice = performance.now()
    for (const act of page) {
      if (performance.now() - slice > SLICE_MS) { await new Promise(setImmediate); slice = performance.now() }
      read += act.facts.length
      if (scene.counts) deeds.note(act.facts)
      if (act.at < scene.from) { for (const fact of act.facts) past.carry(fact); continue }
      courses ??= open(scene, past, deeds)
      remember(actual, act)
      if (act.actor.kind !== 'rule') for (const course of courses) course.happen(act.facts, act)
    }
    onProgress?.(scene.head === 0 ? 1 : page.at(-1)!.facts.at(-1)!.seq / scene.head)
  }
  courses ??= open(scene, past, deeds)
  for (const course of courses) course.pass(scene.to)
  return told(courses, { scene, actual, read, ms: performance.now() - started })
}

function open(scene: Scene, past: Ledger, deeds: Deeds): [Course, Course] {
  const cast: Cast = { ...scene.cast, repeats: (query) => deeds.count(query) }
  const now = new Course({ ...scene.ctx, metadata: scene.now }, past.copy(), { cast })
  now.begin(scene.from)
  const asIf = new Course({ ...scene.ctx, metadata: scene.asIf }, past, { cast, following: { course: now, ...governing(scene) } })
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

interface Told { scene: Scene; actual: ReadonlyMap<string, Actual[]>; read: number; ms: number }

function told([now, asIf]: [Course, Course], { scene: { from, to }, actual, ...counts }: Told): Trial {
  const apart = contrast(now.effects, asIf.effects)
  const named = new Set(apart.map(({ record }) => record))
  return {
    from, to, ...counts, records: now.records, apart, answered: { now: now.answered, asIf: asIf.answered }, effects: { now: now.effects, asIf: asIf.effects }, runs: { now: now.runs, asIf: asIf.runs },
    loads: { now: now.loads, asIf: asIf.loads }, actual: new Map([...actual].filter(([id]) => named.has(id))),
  }
}

/** What stands still during a trial. */
interface Scene { draft: AsIf; counts: boolean; from: Date; to: Date; head: number; now: Metadata; asIf: Metadata; ctx: Context; objects: readonly string[]; cast: Omit<Cast, 'repeats'> }

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
  const cast = { members, principals: new Map(principals), capabilities: new Map(capabilities.map(({ id, capability }) => [id, capability])), received: new Map(received.map((each) => [each.member, each.last])), twins: await twinsOf(tx, from), pools: await poolsBy(tx) }
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

/** Records that rules made in the time, by what they answered. A deadline has no change: it is known by its rule and record. */
async function twinsOf(tx: Tx, from: Date): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ key: string; object: string; record: string }>(
    `select case when e.seq is not null then e.seq::text else coalesce(r.rule || ' ' || r.record, '') end as key, c.object, c.record
     from {t}.act a join {t}.change c on c.act = a.id and c.record_version = 1
     cross join lateral (select coalesce((a.cause->>'root')::bigint, (a.cause->>'event')::bigint) as root) x
     left join {t}.change e on e.seq = x.root
     left join lateral (select rule, record from {t}.run where event = x.root order by rule limit 1) r on e.seq is null
     where a.at >= $1 and a.actor_kind = 'rule' order by c.seq`, [from])
  return new Map([...Map.groupBy(rows, ({ key, object }) => `${key} ${object}`)].map(([key, same]) => [key, same.map(({ record }) => record)]))
}

interface Row { seq: number; act: number; object: string; record: string; version: number; fields: FieldChanges; at: Date; kind: Fact['actor']['kind']; ref: string; cause: Cause }
interface Act { id: number; at: Date; actor: Fact['actor']; cause: Cause; facts: (Fact & { seq: number })[] }

/** The log by acts, a page at a time; an act is never cut. */
async function* pagesOf(db: Database, tenant: Tenant, { head, objects, to }: Scene, isWithin: () => boolean): AsyncGenerator<Act[]> {
  const read = (after: number) => db.read(tenant, async (tx) => actsIn(tx, await tx.query<Row>(LOG, [after, head, objects, isWithin() ? PAGE.within : PAGE.before])))
  let [next, left] = [read(0), [] as Act[]]
  for (;;) {
    const acts = await next
    if (acts.length === 0) break
    // The next page is on its way while this one is gone through.
    next = read(acts.at(-1)!.facts.at(-1)!.seq)
    next.catch(() => {})
    const joined = joinedTo(left, acts)
    left = joined.splice(-1)
    if (joined.length > 0) yield joined.filter(({ at }) => at <= to)
  }
  if (left.length > 0) yield left
}

const joinedTo = (left: readonly Act[], acts: readonly Act[]): Act[] =>
  (left[0] && left[0].id === acts[0]!.id ? [{ ...left[0], facts: [...left[0].facts, ...acts[0]!.facts] }, ...acts.slice(1)] : [...left, ...acts])

const LOG = `select c.seq, c.act, c.object, c.record, c.record_version as version, c.fields, a.at, a.actor_kind as kind, a.actor_ref as ref, a.cause
  from {t}.change c join {t}.act a on a.id = c.act where c.seq > $1 and c.seq <= $2 and c.object = any($3::text[]) order by c.seq limit $4`

/** Of append-only records the log keeps the hash, and the row is the value. */
async function actsIn(tx: Tx, rows: readonly Row[]): Promise<Act[]> {
  const born = await bornRows(tx, rows)
  const acts: Act[] = []
  for (const { seq, act, object, record, version, fields, at, kind, ref, cause } of rows) {
    const actor = actorOf(kind, ref, cause)
    if (acts.at(-1)?.id !== act) acts.push({ id: act, at, actor, cause, facts: [] })
    acts.at(-1)!.facts.push({ seq, object, record, version, fields: born.has(record) ? Object.fromEntries(Object.entries(born.get(record)!.values).map(([key, value]) => [key, [null, value]])) : fields, at, actor, born: born.get(record) })
  }
  return acts
}

async function bornRows(tx: Tx, rows: readonly Row[]): Promise<Map<string, RecordImage>> {
  const ctx = await kernelContext(tx, { kind: 'system', reason: 'replay' }, { kind: 'backfill' })
  const found = new Map<string, RecordImage>()
  for (const [object, same] of Map.groupBy(rows, (row) => row.object)) {
    if (!ctx.metadata.objects.get(object)?.immutable) continue
    for (const [id, image] of await readRecords(ctx, object, same.map(({ record }) => record))) found.set(id, image)
  }
  return found
}

/** Also what was done beside it: a follow-up stands with its subject. */
function remember(actual: Map<string, Actual[]>, { at, actor, facts }: Act): void {
  for (const { object, record, version, fields } of facts) {
    const [had, has] = [new Set((fields['tags']?.[0] as number[] | null) ?? []), new Set((fields['tags']?.[1] as number[] | null) ?? [])]
    const told: Actual = {
      at, actor, fields: Object.keys(fields), born: version === 1, owner: fields['owner'] && (fields['owner'][1] as number | null), about: null,
      tags: { added: [...has].filter((tag) => !had.has(tag)), removed: [...had].filter((tag) => !has.has(tag)) },
    }
    keep(actual, record, told)
    if (version === 1) for (const [, value] of Object.values(fields)) if (isReference(value)) keep(actual, value.id, { ...told, born: false, owner: undefined, tags: { added: [], removed: [] }, fields: [], about: { object, id: record } })
  }
}

const isReference = (value: unknown): value is { object: string; id: string } => typeof value === 'object' && value !== null && 'object' in value && 'id' in value

function keep(actual: Map<string, Actual[]>, record: string, told: Actual): void {
  const known = actual.get(record)
  if (known) known.push(told)
  else actual.set(record, [told])
}
