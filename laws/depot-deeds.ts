import { kernelContext, memberContext, type Actor as Who, type Cause } from '#kernel/access'
import { publish, setRuleState } from '#kernel/metadata'
import { writeOrRefuse, type Intent } from '#kernel/records'
import { advanceClock } from '#platform/db'
import type { Rule } from '#language/definitions'
import { CHIEF, type Depot, SHANGHAI } from '../server/kernel/automation/testing/depot.ts'
import { ANSWERING, BRANCHING, keeping, NAMES, sides } from './depot-branches.ts'
import { allowed, type Deed, type Drawing, type Era, rule, type Told } from './depot-told.ts'

const HOUR = 3_600_000
const FORM: [Who, Cause] = [{ kind: 'source', form: 'door' }, { kind: 'source', form: 'door' }]
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
  for (const each of [...RULES, ...BRANCHING, ...ANSWERING]) await home.rule(each)
  await home.within(({ tx }) => tx.query(`alter table {t}."o_parcel" add constraint no_poison check (f_note <> 'poison')`))
}



/** What people do, drawn before anybody begins. `isBranching`: a story of runs that go several ways at once. */
export function drawDeeds(drawing: Drawing, isBranching: boolean): Record<string, Deed[]> {
  const { roll } = drawing
  const deeds: Record<string, Deed[]> = { form: formDeeds(drawing, isBranching), desk: several(2 + roll(isBranching ? 2 : 4), () => deskDeed(drawing, isBranching)), clock: several(1 + roll(2), () => clockDeed(drawing, isBranching ? 120 : 0)) }
  if (roll(2) === 0) deeds['publisher'] = publishing(drawing, isBranching ? ['held', 'sides', 'first', 'halt'][roll(4)]! : 'held')
  if (isBranching && roll(4) > 0) deeds['keeper'] = several(1 + roll(3), () => keeping(drawing))
  return deeds
}

const several = (count: number, draw: () => Deed): Deed[] => Array.from({ length: count }, draw)

function formDeeds({ home, roll, told: { parcels, errands } }: Drawing, isBranching: boolean): Deed[] {
  const [name, worth] = [() => (isBranching ? NAMES[roll(NAMES.length)]! : roll(12) === 0 ? 'poison' : 'p'), () => (!isBranching && roll(3) ? '150' : '50')]
  const births = parcels.map((id): Intent => ({ op: 'create', object: 'parcel', id, values: { name: name(), worth: worth(), goods: 'fruit', region: SHANGHAI } }))
  const hours = errands.map(() => 1 + roll(3))
  const together = roll(2) === 0
  const write = (intents: (now: Date) => Intent[]): Deed => ({ db }) => db.mutate(home.tenant, async (tx) => writeOrRefuse(await kernelContext(tx, ...FORM), intents(tx.now)))
  const planned = write((now) => errands.map((id, i) => ({ op: 'create', object: 'errand', id, values: { title: 'own', late_at: inHours(now, hours[i]!) } })))
  return [...(together ? [write(() => births)] : births.map((birth) => write(() => [birth]))), planned]
}

const inHours = (now: Date, hours: number): string => new Date(now.getTime() + hours * HOUR).toISOString()

function deskDeed({ home, roll, told: { parcels, errands } }: Drawing, isBranching: boolean): Deed {
  const [waits, parcel, errand, what, hours] = [roll(isBranching ? 90 : 12), parcels[roll(parcels.length)]!, errands[roll(errands.length)]!, isBranching ? 2 + roll(3) : roll(6), 1 + roll(4)]
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

function clockDeed({ home, roll }: Drawing, later: number): Deed {
  const [waits, minutes] = [roll(40 + later), 30 + roll(120)]
  return async (actor) => {
    await actor.pass(waits)
    await advanceClock(home.db, home.tenant, minutes * 60_000)
  }
}

function publishing({ home, roll, told }: Drawing, key: string): Deed[] {
  const [waits, length] = [roll(25), roll(40)]
  const publishes = (change: (tx: Parameters<Parameters<Depot['db']['mutate']>[1]>[0]) => Promise<unknown>): Deed => async ({ db }) => {
    await db.mutate(home.tenant, change)
    await noteEra(home, told)
  }
  const switched = (state: 'paused' | 'active') => publishes(async (tx) => setRuleState(await kernelContext(tx, ...FORM), key, state))
  const edits = key === 'sides' ? sides(` ${roll(1000)}`) : rule('noted', 10 + roll(80), NOTED)
  const edited = publishes(async (tx) => publish(await kernelContext(tx, ...FORM), 'rule', edits.key, { ...edits }, { state: key === edits.key ? 'paused' : 'active' }))
  const runs = async (): Promise<number> => (await home.rows<{ n: number }>('select count(*)::int as n from {t}.run where rule = $1', [key]))[0]!.n
  let before = 0
  return [
    (actor) => actor.pass(waits), switched('paused'), async (actor) => { before = await runs(); await actor.pass(length) },
    ...(roll(2) ? [edited] : []),
    async () => { told.ranWhilePaused += (await runs()) - before }, switched('active'),
  ]
}

export async function noteEra(home: Depot, told: Told): Promise<void> {
  const [row] = await home.rows<Era & { epoch: number }>(`select (select epoch from {t}.state) as epoch, array(select key from {t}.definition where kind = 'rule' and state <> 'active') as off,
    (select version from {t}.definition where kind = 'rule' and key = 'noted') as noted, (select version from {t}.definition where kind = 'rule' and key = 'sides') as sides`)
  const { epoch, ...era } = row!
  told.eras.set(epoch, era)
}
