import { expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import { approvalsFor, decideApproval, decideRun, RUN_DECISIONS, type RunDraft } from '#kernel/automation'
import { setOwnAutomation } from '#kernel/members'
import { effectsOf, tryOut, type Effect, type Trial, type TrialAsk } from '#kernel/replay'
import { advanceClock, ids } from '#platform/db'
import type { Rule, Step } from '#language/definitions'
import { CHIEF, COURIERS, depot, type Depot } from '../server/kernel/automation/testing/depot.ts'

const [ROUNDS, DEEDS] = process.env['LAWS'] === 'long' ? [40, 400] : [2, 60]
const HOUR = 3_600_000
const label = { zh: '律', en: 'Law' }
const rule = (key: string, trigger: Rule['trigger'], actions: Step[], condition: Rule['condition'] = { all: [] }, priority = 10): Rule => ({ key, label, trigger, condition, actions, priority })

/** Chains, assignments, clocks that rules set and people stop, windows, silence and a schedule. */
const RULES: Rule[] = [
  rule('start', { on: 'created', object: 'parcel' }, [{ do: 'tag', add: ['a'] }, { do: 'assign', policy: 'able' }, { do: 'create', object: 'errand', if: { field: 'owner', op: 'notEmpty' }, values: { title: { text: '送 {{name}}' }, about: { record: true }, due_at: { now: true, plus: '20h' }, owner: { owner: true } } }], { field: 'worth', op: 'ge', value: '100' }),
  rule('late', { on: 'deadline', object: 'errand', field: 'due_at' }, [{ do: 'tag', add: ['late'] }, { do: 'tag', via: 'about', viaObject: 'parcel', add: ['late'] }, { do: 'notify', via: 'about', viaObject: 'parcel', to: [{ supervisor: true }], kind: 'x', title: 'x' }], { field: 'state', op: 'eq', value: 'open' }),
  rule('visited', { on: 'created', object: 'visit' }, [{ do: 'updateChildren', via: 'parcel', object: 'errand', childVia: 'about', where: { field: 'state', op: 'eq', value: 'open' }, values: { state: 'done' } }, { do: 'tag', via: 'parcel', remove: ['late'] }]),
  rule('cooled', { on: 'untagged', object: 'parcel', tag: 'late' }, [{ do: 'set', values: { count: { add: 1 } } }]),
  rule('hot', { on: 'changed', object: 'parcel', fields: ['grade'] }, [{ do: 'tag', add: ['hot'] }, { do: 'stop', if: { field: 'worth', op: 'lt', value: '150' } }, { do: 'set', values: { note: 'red' } }], { changedTo: 'grade', value: 'red' }),
  rule('quiet', { on: 'silence', object: 'parcel', since: 'seen_at', for: '30h' }, [{ do: 'tag', add: ['old'] }], { not: { field: 'state', op: 'eq', value: 'shipped' } }),
  rule('patient', { on: 'created', object: 'parcel' }, [{ do: 'wait', for: '3h' }, { do: 'branch', condition: { field: 'worth', op: 'ge', value: '150' }, yes: [{ do: 'create', object: 'errand', values: { title: { text: '看 {{name}}' }, about: { record: true }, due_at: { now: true, plus: '5h' } } }], no: [{ do: 'tag', add: ['b'] }] },
    { do: 'waitUntil', until: { any: [{ field: 'state', op: 'eq', value: 'shipped' }, { some: { object: 'visit', via: 'parcel' } }] }, atMost: '9h', yes: [{ do: 'tag', add: ['c'] }], no: [{ do: 'wait', for: '2h' }, { do: 'set', values: { count: { add: 1 } } }] }]),
  rule('shipped', { on: 'changed', object: 'parcel', fields: ['state'] }, [{ do: 'forEach', object: 'errand', childVia: 'about', where: { field: 'state', op: 'eq', value: 'open' }, steps: [{ do: 'tag', add: ['old'] }, { do: 'branch', condition: { field: 'due_at', op: 'empty' }, yes: [{ do: 'stop' }], no: [] }, { do: 'set', values: { state: 'done' } }] }, { do: 'wait', for: '1h' }, { do: 'set', values: { note: 'waited' } }], { field: 'state', op: 'eq', value: 'shipped' }),
  rule('release', { on: 'changed', object: 'parcel', fields: ['owner'] }, [{ do: 'approve', to: [{ supervisor: true }], title: '放行 {{name}}（{{worth}}）', atMost: '6h', yes: [{ do: 'tag', add: ['b'] }], no: [{ do: 'wait', for: '2h' }, { do: 'set', values: { note: 'no' } }], late: [{ do: 'set', values: { count: { add: 1 } } }] }], { field: 'owner', op: 'notEmpty' }),
  rule('sides', { on: 'changed', object: 'parcel', fields: ['worth'] }, [{ do: 'parallel', join: 'all', branches: [[{ do: 'wait', for: '2h' }, { do: 'tag', add: ['b'] }], [{ do: 'approve', to: [{ supervisor: true }], title: '估价 {{worth}}', atMost: '5h', yes: [{ do: 'set', values: { count: { add: 1 } } }], no: [], late: [{ do: 'tag', remove: ['a'] }] }],
    [{ do: 'parallel', join: 'any', branches: [[{ do: 'wait', for: '4h' }, { do: 'tag', add: ['c'] }], [{ do: 'waitUntil', until: { some: { object: 'visit', via: 'parcel' } }, atMost: '20h', yes: [{ do: 'set', values: { note: 'seen' } }], no: [] }]] }]] }, { do: 'create', object: 'errand', values: { title: 'valued', about: { record: true } } }], { field: 'worth', op: 'ge', value: '170' }),
  rule('agreed', { on: 'ran', object: 'parcel', rule: 'sides', outcome: 'yes' }, [{ do: 'create', object: 'errand', values: { title: 'agreed', about: { record: true } } }]),
  rule('rejected', { on: 'ran', object: 'parcel', rule: 'sides', outcome: 'no' }, [{ do: 'set', values: { count: { add: 1 } } }]),
  rule('daily', { on: 'schedule', object: 'parcel', cron: '30 9 * * *' }, [{ do: 'set', values: { hold: 'kept' } }], { all: [{ field: 'tags', op: 'has', value: 'old' }, { field: 'hold', op: 'empty' }] }),
]

/** The same seed, the same story. */
function dice(seed: number): (n: number) => number {
  let state = seed
  return (n) => { state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; return Math.floor((state / 2 ** 32) * n) }
}

async function live(home: Depot, seed: number): Promise<void> {
  const roll = dice(seed)
  const parcels: string[] = []
  const some = () => parcels[roll(parcels.length)]!
  const update = (id: string, more: object, who?: number) => home.write([{ op: 'update', object: 'parcel', id, ...more }], who).catch(() => {})
  const deeds = [
    async () => void parcels.push(await home.parcel({ name: `p${parcels.length}`, worth: String(50 + roll(4) * 50), goods: ['fruit', 'meat', 'glass'][roll(3)]!, ...(roll(2) && { region: '310000' }) })),
    () => home.write([{ op: 'create', object: 'scan', values: { parcel: some(), kind: 'in' } }]).catch(() => {}),
    () => home.write([{ op: 'create', object: 'visit', values: { parcel: some() } }]).catch(() => {}),
    () => update(some(), { values: { state: ['new', 'waiting', 'shipped'][roll(3)]! } }),
    () => update(some(), { values: { worth: String(50 + roll(6) * 40) } }),
    () => update(some(), { owner: COURIERS[roll(4)]! }),
    () => update(some(), roll(2) ? { addTags: ['red'] } : { removeTags: ['red', 'late'] }),
    async () => update(some(), { values: { seen_at: (await home.within(async ({ now }) => now)).toISOString() } }),
    () => answered(home, roll),
    () => decided(home, roll),
    () => settled(home, roll),
    () => home.write([{ op: roll(2) ? 'delete' : 'restore', object: 'parcel', id: some() }]).catch(() => {}),
  ]
  for (let i = 0; i < DEEDS; i++) {
    await (parcels.length < 3 ? deeds[0]! : deeds[roll(deeds.length)]!)()
    await home.drain()
    for (let hours = roll(5); hours > 0; hours--) { await advanceClock(home.db, home.tenant, HOUR); await home.drain() }
  }
}

/** Somebody gives the word that they were asked for. */
const answered = (home: Depot, roll: (n: number) => number): Promise<void> => home.db.mutate(home.tenant, async (tx) => {
  const ctx = await memberContext(tx, CHIEF)
  const waiting = (await approvalsFor(ctx)).filter(({ state }) => state === 'waiting')
  if (waiting.length > 0) await decideApproval(ctx, waiting[roll(waiting.length)]!.id, { agree: roll(2) === 0, reason: '' })
}).catch(() => {})

/** Somebody who looks after the rules decides about a run that waits, or about one of its branches. */
const decided = (home: Depot, roll: (n: number) => number): Promise<void> => home.db.mutate(home.tenant, async (tx) => {
  const waits = await tx.query<{ run: number; rule: string; branch: string }>('select run, rule, branch from {t}.wait order by run, rule, branch')
  if (waits.length === 0) return
  const { run, rule: key, branch } = waits[roll(waits.length)]!
  await decideRun(await memberContext(tx, CHIEF), { event: run, rule: key, branch }, RUN_DECISIONS[roll(RUN_DECISIONS.length)]!)
}).catch(() => {})

/** A member pauses a rule for their own records, or all go on. */
const settled = (home: Depot, roll: (n: number) => number): Promise<void> => home.db.mutate(home.tenant, async (tx) => {
  const member = COURIERS[roll(4)]!
  await setOwnAutomation(await memberContext(tx, member), member, { paused: roll(2) ? ['hot', 'shipped'].slice(roll(2)) : [], slots: [] })
}).catch(() => {})

const told = (effects: readonly Pick<Effect, 'rule' | 'record' | 'what' | 'detail'>[]): string[] => effects.map(({ rule: by, record, what, detail }) => `${by} ${record} ${what} ${detail}`).sort()

test.each(Array.from({ length: ROUNDS }, (_, seed) => seed))('with the rules of history a trial tells history, effect by effect: story %i', async (seed) => {
  const home = await depot({ capacity: 6 })
  try {
    for (const each of RULES) await home.rule(each)
    await home.drain()
    await live(home, seed)
    const trial = await tried(home, { draft: { kind: 'rule', key: 'late', body: RULES.find(({ key }) => key === 'late') }, days: 120 })
    const runs = await home.rows<Pick<RunDraft, 'rule' | 'object' | 'record' | 'steps'> & { at: Date }>('select rule, object, record, steps, started_at as at from {t}.run')
    expect(trial.apart).toEqual([])
    expect(trial.words.now).toEqual({ known: expect.any(Number), unknown: 0 })
    expect(trial.words.now.known).toBeGreaterThan(5)
    expect(told(trial.effects.now)).toEqual(told(runs.flatMap((run) => effectsOf(run, run.at.getTime()))))
    const stored = await home.rows<{ key: string; open: number }>(`select kind || ' ' || member as key, open from {t}.member_load where open > 0 order by 1`)
    expect([...trial.loads.now].filter(([, open]) => open > 0).map(([key, open]) => ({ key, open })).sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual(stored)
    await sharing(home)
  } finally {
    await home.drop()
  }
})

/** With everything that came about, one by one. */
async function tried(home: Depot, ask: TrialAsk): Promise<Omit<Trial, 'effects'> & { effects: Record<'now' | 'asIf', Effect[]> }> {
  const effects = { now: [] as Effect[], asIf: [] as Effect[] }
  const trial = await tryOut(home.db, home.tenant, ask, { onEffect: (course, effect) => effects[course].push(effect) })
  return { ...trial, effects }
}

/** What only a trial made has another id in the next one. */
const unnamed = (since: string) => (effect: Effect): Effect => (effect.record !== null && effect.record > since ? { ...effect, record: 'made' } : effect)

/** What a course takes over from the one before it is what it would have answered itself: the draft in force for everybody comes to the same. */
async function sharing(home: Depot): Promise<void> {
  const start = RULES.find(({ key }) => key === 'start')!
  const draft = JSON.parse(JSON.stringify({ ...start, condition: { field: 'worth', op: 'ge', value: '150' } }).replace('20h', '12h')) as Rule
  const ask = { draft: { kind: 'rule' as const, key: 'start', body: draft }, days: 120 }
  const since = ids.next()
  const asDraft = await tried(home, ask)
  await home.rule(draft)
  const inForce = await tried(home, ask)
  expect(asDraft.apart.length).toBeGreaterThan(0)
  expect(told(asDraft.effects.asIf.map(unnamed(since)))).toEqual(told(inForce.effects.now.map(unnamed(since))))
  expect(Object.fromEntries(asDraft.loads.asIf)).toEqual(Object.fromEntries(inForce.loads.now))
}
