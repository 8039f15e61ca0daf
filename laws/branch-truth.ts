import { branchAt, branchOf, isControl, stepsIn, type Step } from '#language/definitions'
import type { Depot } from '../server/kernel/automation/testing/depot.ts'
import { BRANCHING, hasThorn } from './depot-branches.ts'
import type { Told } from './depot-told.ts'

interface ToldStep { do: string; path: string; why?: string; went?: string; answered?: Said; until?: string; told?: boolean; off?: number[]; saw?: { own: Record<string, unknown> } }
/** A part of a run: `branch` of which it went on, `place`: when, among everything that was answered. */
interface Part { event: number; head: number | null; rule: string; version: number; status: string; started: Date; steps: ToldStep[]; record: string; branch: string; place: number; name: string }
interface Wait { run: number; rule: string; branch: string; state: string; kind: string; path: string; due: Date; hasTimer: boolean }
interface Decision { seq: number; run: number; rule: string; branch: string; decision: string; step: string | null }
interface Stand { shipped: boolean; now: Date }

/** How often the parts of a parcel's runs say that they counted. */
export interface Branched { wrongs: string[]; counted: ReadonlyMap<string, number> }

/** The runs that go several ways at once: each is followed through its parts by its definition, and what they say was done is there, once. */
export async function branches(home: Depot, { parcels }: Told, since: number): Promise<Branched> {
  const rules = BRANCHING.map(({ key }) => key)
  const [parts, errands, waits, decisions, bodies, stands] = await Promise.all([
    home.rows<Part>(`with answered as (select a.id, t.at, (t.timer->>'seq')::bigint as seq, coalesce(t.timer->>'branch', '') as branch from {t}.answered a, jsonb_array_elements(a.timers) with ordinality t(timer, at) where a.id > $3)
      select r.event, r.head, r.rule, r.version, r.status, r.started_at as started, r.steps, r.record, coalesce(a.branch, '') as branch, case when r.head is null then -1 else a.id * 1000 + a.at end as place, p.f_name as name
      from {t}.run r join {t}."o_parcel" p on p.id = r.record left join answered a on a.seq = r.event where r.record = any($1::uuid[]) and r.rule = any($2::text[]) order by place`, [parcels, rules, since]),
    home.rows<{ about: string; title: string }>(`select f_about as about, f_title as title from {t}."o_errand" where f_about = any($1::uuid[])`, [parcels]),
    home.rows<Wait>(`select w.run, w.rule, w.branch, w.state, w.kind, w.path, w.due_at as due, exists (select from {t}.timer t where t.key = 'wait:' || w.run || ':' || w.rule || case w.branch when '' then '' else ':' || w.branch end) as "hasTimer" from {t}.wait w where w.record = any($1::uuid[])`, [parcels]),
    home.rows<Decision>(`select seq, (fields->'run'->>1)::bigint as run, fields->'rule'->>1 as rule, coalesce(fields->'branch'->>1, '') as branch, fields->'decision'->>1 as decision, fields->'step'->>1 as step from {t}.change where object = 'system:run' and (fields->'about'->1->>'id')::uuid = any($1::uuid[]) order by seq`, [parcels]),
    home.rows<{ key: string; version: number; body: { actions: Step[] } }>(`select key, version, body from {t}.definition_version where kind = 'rule' and key = any($1::text[])`, [rules]),
    home.within(async ({ tx, now }) => new Map((await tx.query<{ id: string; shipped: boolean }>(`select id, f_state = 'shipped' as shipped from {t}."o_parcel" where id = any($1::uuid[])`, [parcels])).map(({ id, shipped }) => [id, { shipped, now }]))),
  ])
  const counted = new Map<string, number>()
  const wrongs = parts.filter(({ head }) => head === null).flatMap((head) => {
    const { event, rule, record } = head
    const mine = <T extends { run: number; rule: string }>(all: readonly T[]): T[] => all.filter((each) => each.run === event && each.rule === rule)
    const course = new Course(bodies.find((each) => each.key === rule && each.version === head.version)!.body.actions, mine(decisions))
    for (const part of [head, ...parts.filter((each) => each.head === event && each.rule === rule)]) course.goOn(part)
    course.compare(mine(waits), stands.get(record)!)
    counted.set(record, (counted.get(record) ?? 0) + course.counted)
    const there = errands.filter(({ about, title }) => about === record && title.startsWith(`${rule} `)).map(({ title }) => title)
    const odd = sorted(there) === sorted(course.made) ? [] : [`there is ${sorted(there)}, and said was ${sorted(course.made)}`]
    return [...course.wrongs, ...odd].map((wrong) => `${rule} of ${record}: ${wrong}`)
  })
  return { wrongs, counted }
}

const sorted = (titles: readonly string[]): string => [...titles].sort().join(', ')

type Said = 'yes' | 'no'
const SAID: Readonly<Record<string, Said>> = { yes: 'yes', met: 'yes', approved: 'yes', no: 'no', late: 'no', refused: 'no' }

/** Where a branch (or the run itself) stands; `due`: until when at the latest. */
interface Place { path: string; due: number; failed: boolean }

/** One run by its definition: where it and its branches may stand, and what each part may have done from there. */
class Course {
  readonly wrongs: string[] = []
  readonly made: string[] = []
  counted = 0
  readonly #steps: ReadonlyMap<string, Step>
  readonly #decisions: readonly Decision[]
  /** By branch; empty: the run itself. `begin`: at the branch's own path. */
  readonly #open = new Map<string, Place>([['', { path: '', due: 0, failed: false }]])
  readonly #ended = new Set<string>()
  /** By branch: which way it went last; by the place of a join: what those said that have come to their end, in that order. */
  readonly #said = new Map<string, Said>()
  readonly #sides = new Map<string, (Said | null)[]>()
  #version: number | null = null

  constructor(actions: readonly Step[], decisions: readonly Decision[]) {
    this.#steps = new Map(stepsIn(actions).map(({ path, step }) => [path, step]))
    this.#decisions = decisions
  }

  goOn(part: Part): void {
    const { branch, event, version } = part
    const odd = (what: string): void => void this.wrongs.push(`${branch || 'the run'} (${event}) ${what}`)
    const stands = this.#open.get(branch)
    this.#version ??= version
    if (version !== this.#version) odd(`went on as version ${version}, not ${this.#version}`)
    if (part.place === null) return odd(`was parked, or never answered: ${part.status}`)
    if (!stands) return odd(`did ${part.steps.map((step) => step.do).join()} after its end`)
    if (this.#dismissed(branch, event)) odd('went on though nobody waits for it')
    if (stands.failed && !this.#decided(branch, event, 'retry', 'skip')) odd('went on by itself though it had failed')
    stands.failed = part.status === 'failed'
    if (stands.failed) return hasThorn(part.name) && branch === '0.b3' ? undefined : odd('failed')
    const todo = [...part.steps]
    const from = this.#begin(part, stands, todo)
    if (typeof from !== 'object') return odd(`stood at ${stands.path}, and says: ${JSON.stringify(todo[0])}`)
    const end = this.#walk(part, from.at, todo)
    if (end.odd !== undefined) odd(end.odd)
    if (part.status !== (end.halt ? 'waiting' : 'done')) odd(`is ${part.status}`)
    if (end.halt) return void this.#open.set(branch, end.halt)
    if (end.stopped || branch === '') this.#close(part.rule, branch)
    else this.#sides.get(branchAt(branch).step)!.push(this.#said.get(branch) ?? null)
    if (end.stopped) this.#open.clear()
    else { this.#open.delete(branch); this.#ended.add(branch) }
  }

  /** Whoever answers the run hears what it came to say: where it stops in a branch, by those that are done. */
  #close(rule: string, branch: string): void {
    let said = this.#said.get(branch)
    for (let inner = branch; inner !== ''; inner = branchOf(branchAt(inner).step)) {
      const { step } = branchAt(inner)
      said = this.#together(step, [...this.#sides.get(step)!, said ?? null]) ?? this.#said.get(branchOf(step))
    }
    if (said) this.made.push(`${rule} said ${said}`)
  }

  #together(path: string, sides: readonly (Said | null)[]): Said | undefined {
    const spoken = sides.filter((each) => each !== null)
    if ((this.#steps.get(path) as Extract<Step, { do: 'parallel' }>).join === 'any') return sides[0] ?? undefined
    return spoken.length === 0 ? undefined : spoken.every((each) => each === 'yes') ? 'yes' : 'no'
  }

  #hear(branch: string, went: string | undefined): void {
    const said = SAID[went ?? '']
    if (said) this.#said.set(branch, said)
  }

  /** What a part begins with: the end of what was waited for. Undefined: that may not be. */
  #begin({ branch, event, started }: Part, { path, due }: Place, todo: ToldStep[]): { at: string | null } | undefined {
    if (path === branch) return { at: branch === '' ? '0' : `${branch}.0` }
    const step = this.#steps.get(path)!
    const told = todo.shift()
    if (told?.do !== step.do || told.path !== path) return undefined
    const [late, by] = [due <= started.getTime(), (...which: string[]) => this.#decided(branch, event, ...which)]
    if (told.told && !by('go', 'met', 'late')) return undefined
    this.#hear(branch, told.went)
    switch (step.do) {
      case 'wait': return late || told.told ? { at: this.#after(path) } : undefined
      case 'waitUntil': return (told.told ? by(told.went!) : told.went === 'met' ? told.saw!.own['state'] === 'shipped' : late && told.saw!.own['state'] !== 'shipped') ? { at: this.#into(path, told.went === 'met' ? 'yes' : 'no') } : undefined
      case 'approve': {
        const word = this.#decisions.find((each) => each.step === path && each.seq < event && (each.decision === 'approve' || each.decision === 'refuse'))?.decision
        const went = word === undefined ? (late || told.told ? 'late' : null) : word === 'approve' ? 'approved' : 'refused'
        return told.went === went ? { at: this.#into(path, went === 'approved' ? 'yes' : went === 'refused' ? 'no' : 'late') } : undefined
      }
      case 'parallel': return this.#join({ step, path, branch, event }, told) ? { at: this.#after(path) } : undefined
      default: return undefined
    }
  }

  /** Ripe, and it names those that it calls off. */
  #join({ step, path, branch, event }: { step: Extract<Step, { do: 'parallel' }>; path: string; branch: string; event: number }, told: ToldStep): boolean {
    const names = step.branches.map((_, at) => `${path}.b${at + 1}`)
    const left = names.filter((name) => this.#open.has(name))
    const ripe = told.told || left.every((name) => this.#dismissed(name, event)) || (step.join === 'any' && left.length < names.length)
    for (const name of this.#open.keys()) if (name.startsWith(`${path}.`)) this.#open.delete(name)
    const said = this.#together(path, this.#sides.get(path)!)
    this.#hear(branch, said)
    return ripe && told.answered === said && JSON.stringify(told.off ?? []) === JSON.stringify(left.map((name) => branchAt(name).no))
  }

  #walk({ name, event, branch }: Part, from: string | null, todo: ToldStep[]): { halt?: Place; stopped?: boolean; odd?: string } {
    let at = from
    while (at !== null) {
      const [path, step, told] = [at, this.#steps.get(at)!, todo.shift()]
      if (told?.path !== path || told.do !== step.do) return { odd: `should have come to ${step.do} at ${path}, and says: ${JSON.stringify(told)}` }
      if (told.why === 'by_hand') { if (!this.#decisions.some((each) => each.step === path && each.branch === branch && each.seq < event && each.decision === 'skip')) return { odd: `passed ${path} over` }; at = this.#after(path); continue }
      if (told.until !== undefined || step.do === 'parallel') {
        if (todo.length > 0) return { odd: `went on without waiting at ${path}` }
        if (step.do === 'parallel') this.#sides.set(path, [])
        if (step.do === 'parallel') for (const [no] of step.branches.entries()) this.#open.set(`${path}.b${no + 1}`, { path: `${path}.b${no + 1}`, due: 0, failed: false })
        return { halt: { path, due: Date.parse(told.until ?? ''), failed: false } }
      }
      if (step.do === 'stop' && told.why === undefined) return todo.length > 0 ? { odd: 'went on after a stop' } : { stopped: true }
      if (step.do === 'branch' && (told.went === 'yes') !== hasThorn(name)) return { odd: `took ${told.went} at ${path}` }
      if (step.do === 'waitUntil' && told.saw!.own['state'] !== 'shipped') return { odd: 'did not wait' }
      if (isControl(step)) this.#hear(branch, told.went)
      else this.#note(step, told)
      at = step.do === 'branch' ? this.#into(path, told.went as 'yes' | 'no') : step.do === 'waitUntil' ? this.#into(path, 'yes') : this.#after(path)
    }
    return todo.length > 0 ? { odd: `did more than it should: ${JSON.stringify(todo)}` } : {}
  }

  #note(step: Step, { why }: ToldStep): void {
    if (why !== undefined) return
    if (step.do === 'create') this.made.push(step.values['title'] as string)
    if (step.do === 'set') this.counted++
  }

  /** What follows a step: the next of its list, else what follows the step around it; null: the end of the branch, or of the run. */
  #after(path: string): string | null {
    const parts = path.split('.')
    const next = [...parts.slice(0, -1), Number(parts.at(-1)) + 1].join('.')
    if (this.#steps.has(next)) return next
    return parts.length === 1 || /^b\d+$/.test(parts.at(-2)!) ? null : this.#after(parts.slice(0, -2).join('.'))
  }

  #into(path: string, lane: 'yes' | 'no' | 'late'): string | null {
    const first = `${path}.${lane}.0`
    return this.#steps.has(first) ? first : this.#after(path)
  }

  #decided = (branch: string, before: number, ...which: string[]): boolean => this.#decisions.some((each) => each.branch === branch && each.seq < before && which.includes(each.decision))
  /** Nobody waits for it, or for one around it: each is taken up again by itself. */
  #dismissed(branch: string, before: number): boolean {
    if (branch === '') return false
    const last = this.#decisions.findLast((each) => each.branch === branch && each.seq < before && ['dismiss', 'restore'].includes(each.decision))
    return last?.decision === 'dismiss' || this.#dismissed(branchOf(branchAt(branch).step), before)
  }

  /** Nothing stands that should not, and whatever stands has a reason to. */
  compare(waits: readonly Wait[], { shipped, now }: Stand): void {
    for (const branch of this.#open.keys()) if (!waits.some((each) => each.branch === branch)) this.wrongs.push(`${branch || 'the run'} has not come to its end, and stands nowhere`)
    for (const { branch, path, state, kind, due, hasTimer } of waits) {
      const odd = (what: string): void => void this.wrongs.push(`${branch || 'the run'} stands at ${path} (${kind}, ${state}) ${what}`)
      const place = this.#open.get(branch)
      if (place?.path !== path) { odd(place ? `instead of ${place.path}` : 'though it has come to its end'); continue }
      const should = this.#dismissed(branch, Infinity) ? 'dismissed' : place.failed && !this.#decided(branch, Infinity, 'retry', 'skip') ? 'failed' : place.failed ? state : 'waiting'
      if (state !== should) { odd(`and should be ${should}`); continue }
      if (state !== 'waiting') { if (hasTimer) odd('and has a timer'); continue }
      if (kind === 'join' ? this.#isRipe(path) : !hasTimer || due <= now || (kind === 'condition' && shipped) || this.#decisions.some((each) => each.step === path && each.decision !== 'skip')) odd('and nothing comes')
    }
  }

  #isRipe(path: string): boolean {
    const step = this.#steps.get(path) as Extract<Step, { do: 'parallel' }>
    const names = step.branches.map((_, at) => `${path}.b${at + 1}`)
    const left = names.filter((name) => this.#open.has(name))
    return left.every((name) => this.#dismissed(name, Infinity)) || (step.join === 'any' && left.length < names.length)
  }
}
