import { kernelContext, memberContext, type Actor as Who, type Cause } from '#kernel/access'
import { publish, setRuleState } from '#kernel/metadata'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { advanceClock, isAway, isRetryable } from '#platform/db'
import type { Rule } from '#language/definitions'
import { Refused } from '#contract'
import { CHIEF, type Depot, SHANGHAI } from '../server/kernel/automation/testing/depot.ts'
import type { Actor } from './turns.ts'

const HOUR = 3_600_000
const FORM: [Who, Cause] = [{ kind: 'source', form: 'door' }, { kind: 'source', form: 'door' }]
const label = { zh: '律', en: 'Law' }
const rule = (key: string, priority: number, more: Pick<Rule, 'trigger' | 'actions'> & Partial<Rule>): Rule => ({ key, label, priority, condition: { all: [] }, ...more })
const NOTED: Pick<Rule, 'trigger' | 'actions'> = { trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, actions: [{ do: 'create', object: 'errand', values: { title: { text: 'note {{note}}' }, about: { record: true } } }, { do: 'set', values: { count: { add: 1 } } }] }

/** Each leaves something behind that can be counted. */
export const RULES: Rule[] = [
  rule('poison', 1, { trigger: { on: 'created', object: 'parcel' }, condition: { field: 'name', op: 'contains', value: 'poison' }, actions: [{ do: 'set', values: { note: 'poison' } }] }),
  rule('mark', 2, { trigger: { on: 'created', object: 'parcel' }, actions: [{ do: 'tag', add: ['a'] }] }),
  rule('heavy', 3, { trigger: { on: 'created', object: 'parcel' }, condition: { field: 'worth', op: 'ge', value: '100' }, actions: [
    { do: 'assign', policy: 'able' }, { do: 'create', object: 'errand', values: { title: 'go', about: { record: true } } },
    { do: 'notify', to: [{ role: 'chief' }], kind: 'new', title: '{{name}}' }, { do: 'webhook', url: 'https://example.com/' }] }),
  rule('chained', 4, { trigger: { on: 'tagged', object: 'parcel', tag: 'a' }, actions: [{ do: 'set', values: { count: { add: 1 } } }] }),
  rule('noted', 5, NOTED),
  rule('held', 6, { trigger: { on: 'changed', object: 'parcel', fields: ['hold'] }, actions: [{ do: 'create', object: 'errand', values: { title: 'held', about: { record: true } } }] }),
  rule('late', 7, { trigger: { on: 'deadline', object: 'errand', field: 'late_at' }, condition: { field: 'state', op: 'eq', value: 'open' }, actions: [{ do: 'tag', add: ['late'] }] }),
]
/** Couriers are four; each holds so many. */
export const CAPACITY = 1

/** A depot with the rules on, and a table that refuses what `poison` writes: the database itself says no. */
export async function furnish(home: Depot): Promise<void> {
  for (const each of RULES) await home.rule(each)
  await home.within(({ tx }) => tx.query(`alter table {t}."o_parcel" add constraint no_poison check (f_note <> 'poison')`))
}

/** What a rule was in an epoch. */
export interface Era { held: boolean; noted: number }
/** What happened, as far as the log does not say. */
export interface Told { parcels: string[]; errands: string[]; eras: Map<number, Era>; /** So often `held` ran between the return of its pause and its resumption. */ heldWhilePaused: number }

export type Deed = (actor: Actor) => Promise<unknown>
interface Drawing { home: Depot; roll: (n: number) => number; told: Told }

/** What people do, drawn before anybody begins. */
export function drawDeeds(drawing: Drawing): Record<string, Deed[]> {
  const { roll } = drawing
  const deeds: Record<string, Deed[]> = { form: formDeeds(drawing), desk: several(2 + roll(4), () => deskDeed(drawing)), clock: several(1 + roll(2), () => clockDeed(drawing)) }
  if (roll(2) === 0) deeds['publisher'] = publishing(drawing)
  return deeds
}

const several = (count: number, draw: () => Deed): Deed[] => Array.from({ length: count }, draw)

function formDeeds({ home, roll, told: { parcels, errands } }: Drawing): Deed[] {
  const births = parcels.map((id): Intent => ({ op: 'create', object: 'parcel', id, values: { name: roll(12) === 0 ? 'poison' : 'p', worth: roll(3) ? '150' : '50', goods: 'fruit', region: SHANGHAI } }))
  const hours = errands.map(() => 1 + roll(3))
  const together = roll(2) === 0
  const write = (intents: (now: Date) => Intent[]): Deed => ({ db }) => db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, ...FORM), intents(tx.now)))
  const planned = write((now) => errands.map((id, i) => ({ op: 'create', object: 'errand', id, values: { title: 'own', late_at: inHours(now, hours[i]!) } })))
  return [...(together ? [write(() => births)] : births.map((birth) => write(() => [birth]))), planned]
}

const inHours = (now: Date, hours: number): string => new Date(now.getTime() + hours * HOUR).toISOString()

function deskDeed({ home, roll, told: { parcels, errands } }: Drawing): Deed {
  const [waits, parcel, errand, what, hours] = [roll(12), parcels[roll(parcels.length)]!, errands[roll(errands.length)]!, roll(6), 1 + roll(4)]
  const note = `n${roll(1000)}`
  const intent = (now: Date): Intent => {
    switch (what) {
      case 0: return { op: 'update', object: 'errand', id: errand, values: { late_at: inHours(now, hours) } }
      case 1: return { op: 'update', object: 'errand', id: errand, values: { state: hours > 2 ? 'done' : 'open' } }
      case 2: return { op: 'update', object: 'parcel', id: parcel, values: { state: 'shipped' } }
      case 3: return { op: 'update', object: 'parcel', id: parcel, values: { hold: note } }
      default: return { op: 'update', object: 'parcel', id: parcel, values: { note } }
    }
  }
  return async (actor) => {
    await actor.pass(waits)
    await actor.db.mutate(home.tenant, async (tx) => writeOrRefuse(await memberContext(tx, CHIEF), [intent(tx.now)])).catch(allowed)
  }
}

/** Not there yet, or kept waiting too long: it has not happened. */
function allowed(error: unknown): void {
  if (!(error instanceof Refused) && !isRetryable(error) && !isAway(error)) throw error
}

function clockDeed({ home, roll }: Drawing): Deed {
  const [waits, minutes] = [roll(40), 30 + roll(120)]
  return async (actor) => {
    await actor.pass(waits)
    await advanceClock(home.db, home.tenant, minutes * 60_000)
  }
}

function publishing({ home, roll, told }: Drawing): Deed[] {
  const [waits, length] = [roll(25), roll(40)]
  const publishes = (change: (tx: Parameters<Parameters<Depot['db']['mutate']>[1]>[0]) => Promise<unknown>): Deed => async ({ db }) => {
    await db.mutate(home.tenant, change)
    await noteEra(home, told)
  }
  const switched = (state: 'paused' | 'active') => publishes(async (tx) => setRuleState(await kernelContext(tx, ...FORM), 'held', state))
  const edited = publishes(async (tx) => publish(await kernelContext(tx, ...FORM), 'rule', 'noted', { ...rule('noted', 10 + roll(80), NOTED) }, { state: 'active' }))
  const heldRuns = async (): Promise<number> => (await home.rows<{ n: number }>(`select count(*)::int as n from {t}.run where rule = 'held'`))[0]!.n
  let before = 0
  return [
    (actor) => actor.pass(waits), switched('paused'), async (actor) => { before = await heldRuns(); await actor.pass(length) },
    ...(roll(2) ? [edited] : []),
    async () => { told.heldWhilePaused += (await heldRuns()) - before }, switched('active'),
  ]
}

export async function noteEra(home: Depot, told: Told): Promise<void> {
  const [row] = await home.rows<{ epoch: number; held: boolean; noted: number }>(`select (select epoch from {t}.state) as epoch, (select state = 'active' from {t}.definition where kind = 'rule' and key = 'held') as held, (select version from {t}.definition where kind = 'rule' and key = 'noted') as noted`)
  told.eras.set(row!.epoch, { held: row!.held, noted: row!.noted })
}
