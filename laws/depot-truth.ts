import type { Depot } from '../server/kernel/automation/testing/depot.ts'
import { branches, type Branched } from './branch-truth.ts'
import { ANSWERING, BRANCHING } from './depot-branches.ts'
import { CAPACITY } from './depot-deeds.ts'
import type { Era, Told } from './depot-told.ts'

interface Change { seq: number; record: string; version: number; fields: Record<string, [unknown, unknown]>; object: string; tags: boolean }
interface Run { event: number; rule: string; version: number; status: string; record: string; started: Date; steps: { do: string; why?: string; created?: string }[] }
interface Answer { id: number; epoch: number; events: number[] }

/** Everything that is not as it has to be after a story; empty: the law holds. `since`: the last batch before it. */
export async function wrongs(home: Depot, told: Told, since: number): Promise<string[]> {
  const records = [...told.parcels, ...told.errands]
  const [changes, runs, answers] = await Promise.all([
    home.rows<Change>(`select c.seq, c.record, c.record_version as version, c.fields, c.object from {t}.change c where c.record = any($1::uuid[]) order by c.record, c.record_version`, [records]),
    home.rows<Run>(`select event, rule, version, status, record, started_at as started, steps from {t}.run where record = any($1::uuid[]) and head is null and rule not like 'grading:%'`, [records]),
    home.rows<Answer>('select id, epoch, events from {t}.answered where id > $1 order by id', [since]),
  ])
  const branched = await branches(home, told, since)
  return [
    ...answered(changes, answers), ...evaluated(changes, { runs, answers, eras: told.eras }), ...branched.wrongs, ...(await effects(home, told, { runs, branched })), ...(await timers(home, told, { changes, runs })), ...(await loads(home)),
    ...(told.ranWhilePaused > 0 ? [`a paused rule ran ${told.ranWhilePaused} times after the pause had returned`] : []),
    ...(told.actedWhileOff > 0 ? [`a run that was called off went on ${told.actedWhileOff} times before it was restored`] : []),
  ]
}

const LISTENED: Record<string, (change: Change) => boolean> = {
  created: ({ object, version }) => object === 'parcel' && version === 1,
  tagged: ({ object, version, fields }) => object === 'parcel' && version > 1 && fields['tags'] !== undefined,
  noted: ({ object, version, fields }) => object === 'parcel' && version > 1 && fields['note'] !== undefined,
  held: ({ object, version, fields }) => object === 'parcel' && version > 1 && fields['hold'] !== undefined,
}
/** Somebody listens whatever is paused. */
const mustBeAnswered = (change: Change): boolean => ['created', 'tagged', 'noted'].some((each) => LISTENED[each]!(change))

/** Each event that somebody listens to once, those of one record in their order. */
function answered(changes: readonly Change[], answers: readonly Answer[]): string[] {
  const place = new Map<number, number[]>()
  answers.flatMap(({ events }) => events).forEach((event, i) => place.set(event, [...(place.get(event) ?? []), i]))
  const often = changes.flatMap((change) => {
    const times = place.get(change.seq)?.length ?? 0
    return times > 1 || (times === 0 && mustBeAnswered(change)) ? [`event ${change.seq} (${Object.keys(change.fields).join()}) was answered ${times} times`] : []
  })
  const order = changes.flatMap((change, i) => {
    const before = changes[i - 1]
    if (before?.record !== change.record) return change.version === 1 ? [] : [`${change.record} begins at version ${change.version}`]
    const [mine, its] = [place.get(change.seq)?.[0], changes.slice(0, i).filter(({ record }) => record === change.record).map(({ seq }) => place.get(seq)?.[0] ?? -1)]
    return [...(before.version + 1 === change.version ? [] : [`${change.record} has no version ${before.version + 1}`]), ...(mine !== undefined && mine < Math.max(...its) ? [`event ${change.seq} of ${change.record} was answered before one that came first`] : [])]
  })
  return [...often, ...order]
}

interface Eras { runs: readonly Run[]; answers: readonly Answer[]; eras: ReadonlyMap<number, Era> }

/** The runs that the log, and what was switched on when it was answered, call for: those and no others, by the version of then. */
function evaluated(changes: readonly Change[], { runs, answers, eras }: Eras): string[] {
  const epochs = new Map(answers.flatMap(({ epoch, events }) => events.map((event) => [event, epoch] as const)))
  const wanted = new Map<string, Era>(changes.flatMap((change) => {
    const era = eras.get(epochs.get(change.seq) ?? -1)
    return era === undefined ? [] : rulesFor(change, era).map((rule) => [`${change.seq} ${rule}`, era] as const)
  }))
  const there = new Map<string, Run>(runs.filter(({ rule }) => rule !== 'late' && !isAnswering(rule)).map((run) => [`${run.event} ${run.rule}`, run]))
  const unknown = [...new Set(epochs.values())].filter((epoch) => !eras.has(epoch))
  return [
    ...unknown.map((epoch) => `answered in epoch ${epoch}, which nobody published`),
    ...[...wanted.keys()].filter((key) => !there.has(key)).map((key) => `no run: ${key}`),
    ...[...there.keys()].filter((key) => !wanted.has(key)).map((key) => `a run too many: ${key}`),
    ...[...there].flatMap(([key, { rule, status, version }]) => [
      ...(status === (rule === 'poison' ? 'failed' : isBranching(rule) ? 'waiting' : 'done') ? [] : [`${key} is ${status}`]),
      ...((rule === 'noted' || rule === 'sides') && version !== wanted.get(key)?.[rule] ? [`${key} ran as version ${version}, when ${wanted.get(key)?.[rule]} was published`] : []),
    ]),
  ]
}

/** What they answer is no change; that each came once is told by what it left. */
const isAnswering = (rule: string): boolean => ANSWERING.some(({ key }) => key === rule)
const isBranching = (rule: string): boolean => BRANCHING.some(({ key }) => key === rule)

function rulesFor(change: Change, { off }: Era): string[] {
  const value = (field: string): unknown => change.fields[field]?.[1]
  const name = String(value('name'))
  return [
    ...(LISTENED['created']!(change) ? ['mark', ...(name === 'poison' ? ['poison'] : []), ...(Number(value('worth')) >= 100 ? ['heavy'] : []), ...BRANCHING.flatMap(({ key }) => (name.includes(key) ? [key] : []))] : []),
    ...(LISTENED['tagged']!(change) ? ['chained'] : []), ...(LISTENED['noted']!(change) ? ['noted'] : []), ...(LISTENED['held']!(change) ? ['held'] : []),
  ].filter((rule) => !off.includes(rule))
}

interface Past { changes: readonly Change[]; runs: readonly Run[] }

/** What the runs say that they did is there, once. */
async function effects(home: Depot, { parcels }: Told, { runs, branched }: { runs: readonly Run[]; branched: Branched }): Promise<string[]> {
  const rows = await home.rows<Record<'id' | 'count' | 'go' | 'notes' | 'held' | 'notices' | 'sent' | 'open' | 'owned', unknown>>(`select p.id, p.f_count as count,
      (select count(*)::int from {t}."o_errand" e where e.f_about = p.id and e.f_title = 'go') as go, (select count(*)::int from {t}."o_errand" e where e.f_about = p.id and e.f_title like 'note %') as notes,
      (select count(*)::int from {t}."o_errand" e where e.f_about = p.id and e.f_title = 'held') as held, (select count(*)::int from {t}.notification n where n.record = p.id and n.kind = 'new') as notices,
      (select count(*)::int from {t}.outbox o where o.body->'payload'->'record'->>'id' = p.id::text) as sent,
      (select count(*)::int from {t}.assignment a where a.record = p.id and a.closed_at is null) as open, (owner is not null and f_state <> 'shipped')::int as owned
    from {t}."o_parcel" p where p.id = any($1::uuid[])`, [parcels])
  return rows.flatMap(({ id, open, owned, ...there }) => {
    const done = (rule: string) => runs.filter((run) => run.record === id && run.rule === rule && run.status === 'done').length
    const should: Record<string, number> = { count: done('chained') + done('noted') + (branched.counted.get(String(id)) ?? 0), go: done('heavy'), notes: done('noted'), held: done('held'), notices: done('heavy'), sent: done('heavy') }
    return [...Object.entries(should).flatMap(([what, many]) => ((there as Record<string, unknown>)[what] === many ? [] : [`${String(id)}: ${what} is ${String((there as Record<string, unknown>)[what])}, not ${many}`])), ...(open === owned ? [] : [`${String(id)}: ${String(open)} open assignments, ${String(owned)} owner`])]
  })
}

/** A deadline fires at its instant, once, and only while the field says so. */
async function timers(home: Depot, { errands }: Told, { changes, runs }: Past): Promise<string[]> {
  const [now, rows, episodes, waiting] = await Promise.all([
    home.within(async (ctx) => ctx.now), home.rows<{ id: string; due: Date | null; state: string }>(`select id, f_late_at as due, f_state as state from {t}."o_errand" where id = any($1::uuid[])`, [errands]),
    home.rows<{ record: string; at: Date; seen: Date }>(`select record, opened_at as at, closed_at as seen from {t}.episode where rule = 'late' and record = any($1::uuid[])`, [errands]),
    home.rows<{ key: string; due: Date }>(`select key, due_at as due from {t}.timer where key = any($1::text[])`, [errands.map((id) => `deadline:late:${id}`)]),
  ])
  return rows.flatMap(({ id, due }) => {
    const mine = episodes.filter(({ record }) => record === id)
    const timer = waiting.find(({ key }) => key.endsWith(id))
    const fired = runs.filter((run) => run.record === id && run.rule === 'late')
    return [
      ...mine.flatMap(({ at, seen }) => (at > seen ? [`${id}: fired ${at.getTime() - seen.getTime()} ms early`] : [])),
      ...(due !== null && due <= now && !mine.some(({ at }) => at.getTime() === due.getTime()) ? [`${id}: its instant has passed and nothing came`] : []),
      ...(due !== null && due > now && timer?.due.getTime() !== due.getTime() ? [`${id}: waits for ${due.toISOString()}, and its timer for ${timer?.due.toISOString() ?? 'nothing'}`] : []),
      ...(fired.length > mine.length ? [`${id}: ${fired.length} runs for ${mine.length} instants`] : []),
      ...stale(id, { changes, runs: fired }),
    ]
  })
}

/** The tag that the deadline left: what the field and the state were just before, by the log. */
function stale(id: string, { changes, runs }: Past): string[] {
  const log = changes.filter(({ record }) => record === id)
  return log.flatMap(({ fields, version }) => {
    if (version === 1 || fields['tags'] === undefined) return []
    const before = (field: string): unknown => log.findLast((each) => each.version < version && each.fields[field])?.fields[field]?.[1]
    const at = Date.parse(before('late_at') as string)
    const run = runs.find(({ steps }) => steps.some((step) => step.do === 'tag' && step.why === undefined))
    return [...(run && at > run.started.getTime() ? [`${id}: fired at ${run.started.toISOString()} though it had been moved to ${new Date(at).toISOString()}`] : []), ...(before('state') === 'done' ? [`${id}: late though it was done`] : [])]
  })
}

async function loads(home: Depot): Promise<string[]> {
  const rows = await home.rows<{ member: number; open: number; counted: number }>(`select l.member, l.open, (select count(*)::int from {t}.assignment a where a.member = l.member and a.kind = l.kind and a.closed_at is null) as counted from {t}.member_load l`)
  return rows.flatMap(({ member, open, counted }) => [...(open === counted ? [] : [`load of ${member} is ${open}, counted ${counted}`]), ...(counted > CAPACITY ? [`${member} holds ${counted} of ${CAPACITY}`] : [])])
}
