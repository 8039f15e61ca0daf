import { createHash } from 'node:crypto'
import type { Solution } from '#language/definitions'
import { kernelContext, type Actor, type Cause, type Context } from '#kernel/access'
import { decisionsJson, insertDecisions, numberDecisions, type Decision } from '#kernel/assignment'
import { appendChanges } from '#kernel/changes'
import { bumpEpoch } from '#kernel/metadata'
import { writeOrRefuse, type ActDraft, type Intent } from '#kernel/records'
import { ids, type Database, type Tenant, type Tx } from '#platform/db'
import { areaOf, noticeKind } from '#language/values'
import type { Company } from '../../solutions/company.ts'
import { generateDemo } from './generate.ts'
import type { Act, DemoValues, Notice, Who, Write } from './history.ts'
import { PastRuns } from './runs.ts'
import { DAY, HOUR, MINUTE } from './working-time.ts'

export interface DemoLoad {
  db: Database
  tenant: Tenant
  company: Company
  solution: Solution
  /** Default: the tenant's clock. */
  now?: Date
  seed?: number
  leads?: number
}
export interface Loaded { acts: number; records: number; changes: number; runs: number }

/**
 * Writes the sample company's past into its tenant, where the solution and the company's people are already: one
 * transaction through the write path, at the instants of the past, so that log, loads, timeline and rows agree.
 * Rules are not run again: what they did is part of the past, with the runs that tell why. Their clocks are set anew by the engine.
 */
export async function loadDemo({ db, tenant, company, solution, now, seed, leads }: DemoLoad): Promise<Loaded> {
  return db.mutate(tenant, async (tx) => {
    const acts = generateDemo({ company, solution, now: now ?? tx.now, ...(seed !== undefined && { seed }), ...(leads !== undefined && { leads }) })
    const past = new Past(tx, await kernelContext(tx, { kind: 'system', reason: 'demo' }, { kind: 'backfill' }), await peopleOf(tx, company))
    const [before] = await tx.query<{ seq: number }>(`select coalesce(max(seq), 0) as seq from {t}.change`)
    // Statements are planned while the tables are empty: without this, every one of the two thousand batches to come would read them from end to end.
    await tx.query(`select set_config(name, 'off', true) from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as x(name)`)
    for (const moment of moments(acts)) await past.write(moment)
    // The past has been answered already.
    await tx.query(`delete from {t}.todo where seq > $1`, [before!.seq])
    await past.finish(acts, solution)
    return past.loaded
  })
}

interface People { members: ReadonlyMap<string, number>; teams: ReadonlyMap<string, number>; byPlace: readonly number[] }

async function peopleOf(tx: Tx, company: Company): Promise<People> {
  const members = await tx.query<{ id: number; email: string }>(`select id, email from {t}.member where email is not null`)
  const teams = await tx.query<{ id: number; name: string }>(`select id, name from {t}.team`)
  const ids = new Map(members.map(({ id, email }) => [email, id]))
  const byKey = new Map(company.members.map(({ key, email }) => [key, ids.get(email) ?? missing(email)]))
  return { members: byKey, byPlace: [...byKey.values()], teams: new Map(company.teams.map(({ key, name }) => [key, teams.find((team) => team.name === name)?.id ?? missing(name)])) }
}
const missing = (what: string): never => { throw new Error(`The sample company is not installed: ${what}`) }

/** How far apart acts may lie and still be written at one instant: the further away, the coarser; one subject never twice. */
const windowAt = (age: number): number => (age > 10 * DAY ? 150 * MINUTE : age > 2 * DAY ? 40 * MINUTE : 3 * MINUTE)
const MOST = 900

function* moments(acts: readonly Act[]): Generator<Act[]> {
  const now = acts.at(-1)?.at ?? 0
  let moment: Act[] = []
  let subjects = new Map<string, number>()
  for (const act of acts) {
    const same = subjects.get(act.subject)
    const full = moment.length > 0 && (act.at - moment[0]!.at > windowAt(now - act.at) || moment.length >= MOST || (same !== undefined && act.at - same > 1000)) && act.at !== moment.at(-1)!.at
    if (full) {
      yield moment
      moment = []
      subjects = new Map()
    }
    moment.push(act)
    if (!subjects.has(act.subject)) subjects.set(act.subject, act.at)
  }
  if (moment.length > 0) yield moment
}

class Past {
  readonly loaded: Loaded = { acts: 0, records: 0, changes: 0, runs: 0 }
  readonly #runs: PastRuns
  readonly #tx: Tx
  readonly #ctx: Context
  readonly #people: People
  #now: Date

  constructor(tx: Tx, ctx: Context, people: People) {
    this.#now = tx.now
    const onThatDay = () => this.#now
    // The same transaction on an earlier day.
    this.#tx = { tenant: tx.tenant, epoch: tx.epoch, get now() { return onThatDay() }, query: tx.query, afterCommit: tx.afterCommit }
    this.#ctx = ctx
    this.#people = people
    this.#runs = new PastRuns(ctx, (key) => people.members.get(key)!)
  }

  async write(moment: readonly Act[]): Promise<void> {
    this.#now = new Date(moment.at(-1)!.at)
    const ctx: Context = { ...this.#ctx, tx: this.#tx, now: this.#now }
    const decisions = await this.#decide(ctx, moment)
    const intents = moment.flatMap(({ writes }, act) => writes.map((write) => this.#intent(write, act, decisions.get(act))))
    const written = intents.length === 0 ? [] : await writeOrRefuse(ctx, intents, { acts: moment.map((act) => this.#draft(act)) })
    this.#runs.take({ acts: moment, written, decisions, at: this.#now })
    this.loaded.acts += moment.length
    this.loaded.changes += written.length
    this.loaded.records += written.filter(({ created }) => created).length
  }

  async #decide(ctx: Context, moment: readonly Act[]): Promise<Map<number, Decision>> {
    const made = moment.flatMap(({ decision }, i) => (decision ? [[i, this.#decision(ctx, decision)] as const] : []))
    if (made.length === 0) return new Map()
    const decisions = made.map(([, decision]) => decision)
    await numberDecisions(this.#tx, decisions)
    await this.#tx.query(insertDecisions(1), [decisionsJson(ctx, decisions)], { name: 'insert decisions' })
    return new Map(made)
  }

  #decision({ metadata }: Context, { record, chosen, existing, asked, scored }: NonNullable<Act['decision']>): Decision {
    const policy = metadata.assignmentPolicies.values().next().value!
    const id = (place: number) => this.#people.byPlace[place - 1]!
    return {
      no: null, object: policy.object, record, policy: policy.key, policyVersion: policy.version, event: null, chosen: chosen === null ? null : id(chosen), reason: existing ? 'existing' : chosen === null ? 'pool' : 'competed',
      pool: chosen === null && asked.region !== null ? areaOf(asked.region) : null, asked, scored: scored.map((line) => ({ ...line, member: id(line.member) })),
    }
  }

  #draft({ who, imported, reason, ip }: Act): ActDraft {
    return { actor: this.#actor(who), cause: causeOf(who, imported), ...(reason !== undefined && { reason }), ip: ip ?? null }
  }

  #actor(who: Who): Actor {
    if ('member' in who) return { kind: 'member', id: this.#people.members.get(who.member)! }
    if ('form' in who) return { kind: 'source', form: who.form }
    return 'rule' in who ? { kind: 'rule', key: who.rule, event: 0, depth: 1 } : { kind: 'system', reason: who.system }
  }

  #intent(write: Write, act: number, decision: Decision | undefined): Intent {
    if (write.op === 'delete') return { op: 'delete', object: write.object, id: write.id, act }
    const owner = write.owner === undefined ? {} : { owner: write.owner === null ? null : this.#people.members.get(write.owner)! }
    const values = write.values && this.#values(write.values)
    if (write.op === 'create') return { op: 'create', object: write.object, id: write.id, values: values!, ...(write.tags && { tags: write.tags }), ...owner, act }
    return { op: 'update', object: write.object, id: write.id, ...(values && { values }), ...owner, ...(write.addTags && { addTags: write.addTags }), ...(write.removeTags && { removeTags: write.removeTags }), ...(decision?.no != null && write.id === decision.record && { decision: decision.no }), act }
  }

  /** `{member: key}` and `{team: key}` become ids. */
  #values(values: DemoValues): DemoValues {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, this.#value(value)]))
  }

  #value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#value(each))
    if (typeof value !== 'object' || value === null) return value
    if ('member' in value) return this.#people.members.get(value.member as string)
    return 'team' in value ? this.#people.teams.get(value.team as string) : value
  }

  /** Messages, identities, consents; then the clocks are to be set anew. */
  async finish(acts: readonly Act[], { form: forms }: Solution): Promise<void> {
    const now = acts.at(-1)!.at
    await this.#tell(acts.flatMap(({ at, notices = [] }) => (at > now - 10 * DAY ? notices.map((notice) => ({ ...notice, at })) : [])), now)
    await this.#askUnlock(acts)
    await this.#remember(acts, forms)
    await this.#openLinks()
    this.loaded.runs = await this.#runs.write(this.#tx)
    await this.#setClocks(acts, now)
  }

  /** What is older than a day has been read. */
  async #tell(notices: readonly (Notice & { at: number })[], now: number): Promise<void> {
    const rows = notices.map(({ to, kind, title, body, object, record, rule, at }) => ({ m: this.#people.members.get(to), k: kind, f: noticeKind(kind), t: title, b: body, o: object, i: record, r: rule, a: new Date(at), s: at < now - 20 * HOUR && kind !== 'escalation' ? new Date(Math.min(at + 3 * HOUR, now)) : null }))
    await this.#tx.query(`insert into {t}.notification (member, kind, family, title, body, object, record, rule, at, read_at)
      select m, k, f, t, b, o, i, r, a, s from json_to_recordset($1) as x(m int, k text, f text, t text, b text, o text, i uuid, r text, a timestamptz, s timestamptz) order by a`, [JSON.stringify(rows)])
  }

  /** What was asked for stands in the log, as it does when somebody asks today. */
  async #askUnlock(acts: readonly Act[]): Promise<void> {
    for (const act of acts) for (const { kind, title, object, record, to } of act.notices ?? []) if (kind === 'unlock')
      await appendChanges(this.#ctx, [this.#draft(act)], [{ act: 0, object: 'system:unlock', record: ids.next(), recordVersion: 1, event: 'created', fields: { name: [null, /「(.*)」/.exec(title)?.[1] ?? title], about: [null, { object, id: record }], told: [null, [this.#people.members.get(to)!]] }, todo: false }])
  }

  /** Who came by a tracking link has opened it before; as many again have not said who they are, and a program looks in now and then. */
  async #openLinks(): Promise<void> {
    await this.#tx.query(`insert into {t}.link_opening (link, at, id, visitor, machine, record)
      select f_tracking_link, created_at - make_interval(secs => 40 + ascii(right(id::text, 1)) * 3 + n * 900), md5(id::text || n)::uuid, case when n < 3 then md5('v' || n || id::text)::uuid end, n = 3, case when n = 1 then id end
      from {t}.o_lead cross join generate_series(1, 3) n where f_tracking_link is not null and gone_act is null and (n < 3 or right(id::text, 1) < '4')
      union all select id, f_first_opened_at, id, md5(id::text)::uuid, false, f_subject from {t}.o_tracking_link where f_first_opened_at is not null`)
  }

  async #remember(acts: readonly Act[], forms: Solution['form']): Promise<void> {
    const born = acts.flatMap(({ at, who, ip, writes }) => writes.flatMap((write) => (write.op === 'create' && write.object === 'lead' ? [{ id: write.id, phone: write.values['phone'], at: new Date(at), ip, form: 'form' in who ? who.form : null }] : [])))
    await this.#tx.query(`insert into {t}.identity (kind, value, object, record, first_seen_at, seen_at)
      select 'phone', phone, 'lead', id, at, at from json_to_recordset($1) as x(id uuid, phone text, at timestamptz) where phone is not null on conflict do nothing`, [JSON.stringify(born)])
    const texts = new Map(forms.map((form) => [form.key, form.consent]))
    const consents = born.flatMap(({ id, at, ip, form }) => { const consent = form === null ? undefined : texts.get(form); return consent ? [{ id, at, ip, form, version: consent.version, purpose: consent.purpose, hash: createHash('sha256').update(consent.text.zh).digest('hex') }] : [] })
    await this.#tx.query(`insert into {t}.consent (object, record, form, version, purpose, text_hash, at, ip)
      select 'lead', id, form, version, purpose, decode(hash, 'hex'), at, ip from json_to_recordset($1) as x(id uuid, form text, version text, purpose text, hash text, at timestamptz, ip text)`, [JSON.stringify(consents)])
  }

  /** Grades run out when a visit leaves its window; deadlines are armed by the engine once it sees a new epoch. */
  async #setClocks(acts: readonly Act[], now: number): Promise<void> {
    const windows = [3 * DAY, 7 * DAY]
    const next = new Map<string, number>()
    for (const { writes } of acts) for (const write of writes) {
      if (write.op !== 'create' || write.object !== 'behaviour') continue
      const { id } = write.values['subject'] as { id: string }
      for (const end of windows.map((length) => Date.parse(write.values['occurred_at'] as string) + length)) if (end > now) next.set(id, Math.min(end, next.get(id) ?? end))
    }
    const rows = [...next].map(([record, end]) => ({ k: `grade:lead_grade:${record}`, d: new Date(end), p: { object: 'lead', record, name: 'lead_grade' } }))
    await this.#tx.query(`insert into {t}.timer (key, due_at, kind, payload) select k, d, 'grade', p from json_to_recordset($1) as x(k text, d timestamptz, p jsonb) on conflict do nothing`, [JSON.stringify(rows)])
    await this.#tx.query(`delete from {t}.timer where kind = 'armed'`)
    await bumpEpoch(this.#tx)
  }
}

function causeOf(who: Who, imported: boolean | undefined): Cause {
  if (imported) return { kind: 'import' }
  if ('member' in who) return { kind: 'member' }
  if ('form' in who) return { kind: 'source', form: who.form }
  return 'rule' in who ? { kind: 'rule', rule: who.rule, depth: 1 } : { kind: 'backfill' }
}
