import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberContext } from '#kernel/access'
import { receivePush } from '#kernel/intake'
import { advanceClock, ids } from '#platform/db'
import type { Rule, Step } from '#language/definitions'
import { approvalsFor, decideApproval, decideRun, ringPushed, type RunDecision, type RunDraft } from '#kernel/automation'
import { setOwnAutomation } from '#kernel/members'
import { publish } from '#kernel/metadata'
import { CHIEF, DEPOT, type Depot, depot } from '../automation/testing/depot.ts'
import { effectsOf, type Effect } from './effects.ts'
import { tryOut, type Trial, type TrialAsk } from './index.ts'

const HOUR = 3_600_000
const label = (zh: string) => ({ zh, en: zh })
const START: Rule = {
  key: 'start', label: label('起步'), trigger: { on: 'created', object: 'parcel' }, condition: { field: 'worth', op: 'ge', value: '100' }, priority: 10,
  actions: [{ do: 'tag', add: ['hot'] }, { do: 'assign', policy: 'able' }, { do: 'create', object: 'errand', values: { title: { text: '送 {{name}}' }, about: { record: true }, due_at: { now: true, plus: '72h' }, owner: { owner: true } } }],
}
const LATE: Rule = {
  key: 'late', label: label('晚了'), trigger: { on: 'deadline', object: 'errand', field: 'due_at' }, condition: { field: 'state', op: 'eq', value: 'open' }, priority: 10,
  actions: [{ do: 'tag', add: ['late'] }, { do: 'notify', via: 'about', viaObject: 'parcel', to: [{ supervisor: true }], kind: 'late', title: '{{name}}' }],
}
const VISITED: Rule = {
  key: 'visited', label: label('到过'), trigger: { on: 'created', object: 'visit' }, condition: { all: [] }, priority: 10,
  actions: [{ do: 'updateChildren', via: 'parcel', object: 'errand', childVia: 'about', where: { field: 'state', op: 'eq', value: 'open' }, values: { state: 'done' } }],
}
const SECOND: Rule = { key: 'second', label: label('再来'), trigger: { on: 'tagged', object: 'parcel', tag: 'hot' }, condition: { count: { object: 'scan', via: 'parcel' }, within: '7d', op: 'lt', value: 5 }, priority: 20, actions: [{ do: 'set', values: { note: 'seen' } }] }

let home: Depot
const parcels: string[] = []
async function pass(hours: number): Promise<void> {
  for (; hours > 0; hours -= 5) { await advanceClock(home.db, home.tenant, 5 * HOUR); await home.drain() }
}
beforeAll(async () => {
  home = await depot({ capacity: 20 })
  for (const rule of [START, LATE, VISITED, SECOND]) await home.rule(rule)
  for (const [i, worth] of ['50', '100', '150', '200', '250', '300'].entries()) {
    const parcel = await home.parcel({ name: `p${i}`, worth, goods: i % 2 === 0 ? 'fruit' : 'meat', region: i % 3 === 0 ? '310000' : '440300' })
    parcels.push(parcel)
    await home.drain()
    for (let scan = 0; scan < i; scan++) await home.write([{ op: 'create', object: 'scan', values: { parcel, kind: 'in' } }])
    await pass(5)
  }
  // The fourth was visited 45 hours after it came, the third after 60.
  await pass(30)
  await home.write([{ op: 'create', object: 'visit', values: { parcel: parcels[3]! } }])
  await pass(10)
  await home.write([{ op: 'create', object: 'visit', values: { parcel: parcels[2]! } }])
  await pass(60)
})
afterAll(() => home.drop())

/** With everything that came about, one by one. */
async function tried(ask: TrialAsk): Promise<Omit<Trial, 'effects'> & { effects: Record<'now' | 'asIf', Effect[]> }> {
  const effects = { now: [] as Effect[], asIf: [] as Effect[] }
  const { effects: counts, ...rest } = await tryOut(home.db, home.tenant, ask, { onEffect: (course, effect) => effects[course].push(effect) })
  for (const course of ['now', 'asIf'] as const) for (const [kind, same] of Map.groupBy(effects[course], ({ what }) => what)) expect(counts[course].get(kind)).toBe(same.length)
  return { ...rest, effects }
}
const trial = (draft: Rule, days = 30) => tried({ draft: { kind: 'rule', key: draft.key, body: draft }, days })
const told = ({ apart }: Pick<Trial, 'apart'>) => apart.map(({ record, what, detail, now, asIf }) => ({ record: parcels.indexOf(record), what, detail, hours: now === null || asIf === null ? (now === null ? 'new' : 'gone') : Math.round((asIf - now) / HOUR) }))

test('Y5 with the rules as they are a trial tells history: the same effects on the same records at the same moments', async () => {
  const { apart, effects, records } = await trial(LATE)
  expect(apart).toEqual([])
  const runs = await home.rows<Pick<RunDraft, 'rule' | 'object' | 'record' | 'steps'> & { at: Date }>('select rule, object, record, steps, started_at as at from {t}.run')
  const key = ({ rule, record, what, detail }: { rule: string; record: string; what: string; detail: string }) => `${rule} ${record} ${what} ${detail}`
  const history = runs.flatMap((run) => effectsOf(run, run.at.getTime()))
  expect(effects.now.map(key).sort()).toEqual(history.map(key).sort())
  const moments = new Map(history.map((effect) => [key(effect), effect.at]))
  for (const effect of effects.now) expect(Math.abs(effect.at - moments.get(key(effect))!)).toBeLessThan(6 * HOUR)
  expect(records).toBeGreaterThan(25)
})

test('Y6 a draft shows what would come about, what would not, and what at another time: also through a deadline that it sets', async () => {
  const sooner = { ...START, actions: START.actions.map((action) => (action.do === 'create' ? { ...action, values: { ...action.values, due_at: { now: true as const, plus: '48h' } } } : action)) }
  const late = told(await trial(sooner)).filter(({ what }) => what === 'notify')
  // Visited after 60 hours: told for the first time. Visited after 45: never. The others: a day sooner.
  expect(late.sort((a, b) => a.record - b.record)).toEqual([[1, -24], [2, 'new'], [4, -24], [5, -24]].map(([record, hours]) => ({ record, what: 'notify', detail: '5', hours })))
  const dearer = told(await trial({ ...START, condition: { field: 'worth', op: 'ge', value: '200' } }))
  expect(dearer.filter(({ what }) => what === 'tag' || what === 'owner' || what === 'set').map(({ record, what, hours }) => `${record} ${what} ${hours}`).sort()).toEqual(expect.arrayContaining(['1 owner gone', '1 set gone', '1 tag gone', '2 owner gone', '2 set gone', '2 tag gone']))
  // Whoever is free goes to the next: those that still qualify come to others.
  expect(dearer.filter(({ record, what }) => record >= 3 && what !== 'owner' && what !== 'notify')).toEqual([])
  const fresh = told(await trial({ key: 'fresh', label: label('新'), trigger: { on: 'created', object: 'parcel' }, condition: { field: 'worth', op: 'lt', value: '100' }, priority: 50, actions: [{ do: 'tag', add: ['a'] }] }))
  expect(fresh).toEqual([{ record: 0, what: 'tag', detail: 'a', hours: 'new' }])
})

test('Y6 an assignment policy can be tried: other owners, other loads', async () => {
  const policy = { ...DEPOT.assignmentPolicy[0]!, excludeMissingSkill: true, roles: ['chief'] }
  const { apart, loads, effects } = await tried({ draft: { kind: 'assignmentPolicy', key: 'able', body: policy }, days: 30 })
  expect(effects.now.filter(({ what }) => what === 'owner')).toHaveLength(5)
  expect(effects.asIf.filter(({ what }) => what === 'nobody')).toHaveLength(5)
  expect(apart.filter(({ what }) => what === 'owner').every(({ asIf }) => asIf === null)).toBe(true)
  expect([...loads.now.values()].reduce((a, b) => a + b, 0)).toBe(5)
  expect([...loads.asIf.values()].reduce((a, b) => a + b, 0)).toBe(0)
  const [stored] = await home.rows<{ open: number }>('select sum(open)::int as open from {t}.member_load')
  expect(stored!.open).toBe(5)
})

test('Y6 rules switched on today and tried as they are differ in nothing: what they would have made is one record in both courses', async () => {
  const fresh = await depot()
  try {
    for (const worth of ['10', '20']) await fresh.parcel({ worth })
    await fresh.drain()
    const sends: Rule = { key: 'sends', label: label('派件'), trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, priority: 10, actions: [{ do: 'create', object: 'errand', values: { title: '取件', about: { record: true } } }, { do: 'create', object: 'errand', values: { title: '送件', about: { record: true } } }] }
    const marks: Rule = { key: 'marks', label: label('标记'), trigger: { on: 'created', object: 'errand' }, condition: { all: [] }, priority: 10, actions: [{ do: 'tag', add: ['late'] }] }
    for (const rule of [sends, marks]) await fresh.rule(rule)
    const tryIt = (body: Rule) => tryOut(fresh.db, fresh.tenant, { draft: { kind: 'rule', key: body.key, body }, days: 9 })
    const same = await tryIt(sends)
    expect([same.apart, same.effects.now.get('tag'), same.effects.asIf.get('tag')]).toEqual([[], 4, 4])
    // One errand fewer: one tag fewer, on a record that exists in the trial only.
    const fewer = await tryIt({ ...sends, actions: sends.actions.slice(0, 1) })
    const tags = fewer.apart.filter(({ what }) => what === 'tag')
    expect(tags.map(({ asIf, record }) => [asIf, fewer.made.has(record)])).toEqual([[null, true], [null, true]])
  } finally {
    await fresh.drop()
  }
})

test('Y7 what really happened to the records stands beside: who did what, when', async () => {
  const { actual, apart } = await trial({ ...START, condition: { field: 'worth', op: 'ge', value: '200' } })
  expect(new Set(apart.map(({ record }) => record)).size).toBe(actual.size)
  const third = actual.get(parcels[2]!)!
  expect(third.filter(({ about }) => about !== null).map(({ about }) => about!.object)).toContain('errand')
  expect(third[0]).toMatchObject({ born: true, actor: { kind: 'source' } })
})

test('Y8 a trial writes nothing and can be given up', async () => {
  const counts = () => home.rows('select (select count(*) from {t}.change)::int as changes, (select count(*) from {t}.run)::int as runs, (select count(*) from {t}.notification)::int as told, (select last_value from {t}.change_seq) as seq, (select count(*) from {t}.timer)::int as timers')
  const before = await counts()
  await trial({ ...LATE, condition: { all: [] } })
  expect(await counts()).toEqual(before)
  const given = new AbortController()
  given.abort(new Error('enough'))
  await expect(tryOut(home.db, home.tenant, { draft: { kind: 'rule', key: 'late', body: LATE }, days: 3 }, { signal: given.signal })).rejects.toThrow('enough')
  await expect(trial({ ...LATE, trigger: { on: 'deadline', object: 'errand', field: 'nowhere' } })).rejects.toMatchObject({ refusal: { code: 'DEFINITION_INVALID' } })
  await expect(tryOut(home.db, home.tenant, { draft: { kind: 'rule', key: 'x', body: { ...LATE, key: ids.next() } }, days: 3 })).rejects.toMatchObject({ refusal: { code: 'DEFINITION_INVALID' } })
})

test('Y11 a draft that waits is tried in the time of the course: what comes after the wait, and which way it goes', async () => {
  const waiting = await depot()
  try {
    const ids = [await waiting.parcel({ worth: '10' }), await waiting.parcel({ worth: '20' })]
    await waiting.drain()
    await advanceClock(waiting.db, waiting.tenant, 2 * HOUR)
    await waiting.write([{ op: 'update', object: 'parcel', id: ids[0]!, values: { state: 'shipped' } }])
    await advanceClock(waiting.db, waiting.tenant, 30 * HOUR)
    const body = { key: 'patient', label: label('等'), trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, priority: 1, actions: [{ do: 'waitUntil', until: { field: 'state', op: 'eq', value: 'shipped' }, atMost: '1d', yes: [{ do: 'tag', add: ['a'] }], no: [{ do: 'tag', add: ['b'] }] }, { do: 'wait', for: '1h' }, { do: 'tag', add: ['c'] }] }
    const { apart } = await tryOut(waiting.db, waiting.tenant, { draft: { kind: 'rule', key: 'patient', body }, days: 9 })
    expect(apart.map(({ record, detail }) => `${ids.indexOf(record)} ${detail}`).sort()).toEqual(['0 a', '0 c', '1 b', '1 c'])
    expect(await waiting.rows('select 1 from {t}.wait')).toEqual([])
  } finally {
    await waiting.drop()
  }
})

test('Y5 G21 a trial reckons as the desk does who keeps their records complete', async () => {
  const body = { ...DEPOT.assignmentPolicy[0]!, completeness: { complete: { field: 'worth', op: 'ge' as const, value: '200' }, days: 30 } }
  await home.within(async (ctx) => { expect((await publish(ctx, 'assignmentPolicy', 'able', body)).ok).toBe(true) })
  const parcel = await home.parcel({ name: 'p6', worth: '300', region: '310000' })
  await home.drain()
  const [kept] = await home.rows<{ member: number; complete: number }>('select member, complete from {t}.completeness where total > 0 order by complete desc, member limit 1')
  const { owner } = await home.image('parcel', parcel)
  // Without it the second would have been next: they have waited longer than the third.
  expect([kept!.complete, owner]).toEqual([1, 3])
  const { effects, apart } = await trial(LATE, 1)
  expect(apart).toEqual([])
  expect(effects.now.find(({ record, what }) => record === parcel && what === 'owner')).toMatchObject({ detail: '3' })
})

test('Y5 a deadline that went by while its record was in the recycle bin is told when the record comes back', async () => {
  const errand = ids.next()
  const now = () => home.within(async (ctx) => ctx.now.getTime())
  await home.write([{ op: 'create', object: 'errand', id: errand, values: { title: '晚回来', due_at: new Date((await now()) + 5 * HOUR).toISOString() } }])
  await home.drain()
  await home.write([{ op: 'delete', object: 'errand', id: errand }])
  await pass(20)
  await home.write([{ op: 'restore', object: 'errand', id: errand }])
  await home.drain()
  const back = await now()
  const { apart, effects } = await trial(LATE)
  expect(apart).toEqual([])
  const [run] = await home.rows<{ at: Date }>(`select started_at as at from {t}.run where rule = 'late' and record = $1`, [errand])
  const late = effects.now.filter(({ rule, record }) => rule === 'late' && record === errand)
  expect(late.map(({ what, detail }) => `${what} ${detail}`)).toEqual(['tag late'])
  for (const at of [run!.at.getTime(), late[0]!.at]) expect(Math.abs(at - back)).toBeLessThan(HOUR)
})

test('Y15 what members decided about waiting runs, and settled for themselves, is done again where the same run stands in the trial', async () => {
  const deciding = await depot()
  try {
    const tag = (...add: string[]) => ({ do: 'tag' as const, add })
    const until = { do: 'waitUntil' as const, until: { field: 'state', op: 'eq' as const, value: 'shipped' }, atMost: '30h', yes: [tag('a')], no: [tag('b')] }
    const patient = (more: Partial<Rule> = {}): Rule => ({ key: 'patient', label: label('等'), trigger: { on: 'created', object: 'parcel' }, condition: { all: [] }, priority: 1, actions: [{ do: 'wait', for: '20h' }, until, tag('c')], ...more })
    await deciding.rule(patient())
    await deciding.rule({ key: 'own', trigger: { on: 'changed', object: 'parcel', fields: ['note'] }, actions: [tag('hot')] })
    const all: string[] = []
    for (const name of ['left alone', 'sent on', 'called off', 'restored']) all.push(await deciding.parcel({ name, worth: '100', owner: 1 }))
    await deciding.drain()
    const decide = (n: number, decision: RunDecision) => deciding.db.mutate(deciding.tenant, async (tx) => {
      const [head] = await tx.query<{ event: number }>(`select event from {t}.run where record = $1 and rule = 'patient' and head is null`, [all[n]])
      await decideRun(await memberContext(tx, CHIEF), { event: head!.event, rule: 'patient' }, decision)
    }).then(() => deciding.drain())
    const own = (...paused: string[]) => deciding.db.mutate(deciding.tenant, async (tx) => { await setOwnAutomation(await memberContext(tx, 1), 1, { paused, slots: [] }) })
    const noted = async (n: number, note: string) => { await deciding.write([{ op: 'update', object: 'parcel', id: all[n]!, values: { note }, owner: 1 }]); await deciding.drain() }
    await own('own')
    await noted(0, 'while it is off')
    await deciding.pass(3)
    await own()
    await noted(1, 'on again')
    await decide(1, 'go')
    await decide(1, 'met')
    await decide(2, 'cancel')
    await decide(3, 'cancel')
    await deciding.pass(30)
    await decide(3, 'restore')
    for (let n = 0; n < 8; n++) await deciding.pass(5)
    expect(await Promise.all(all.map((id) => deciding.tags(id)))).toEqual([['b', 'c'], ['a', 'c', 'hot'], [], ['b', 'c']])
    const tried = async (draft: Rule) => {
      const { apart, decided, runs } = await tryOut(deciding.db, deciding.tenant, { draft: { kind: 'rule', key: draft.key, body: draft }, days: 9 })
      return { decided, apart: apart.map(({ record, what, detail, now, asIf }) => `${all.indexOf(record)} ${what} ${detail} ${now === null ? 'more' : asIf === null ? 'less' : 'moved'}`).sort(), own: runs.asIf.get('own skipped') }
    }
    const history = { taken: 4, without: 0, own: 2 }
    expect(await tried(patient())).toEqual({ decided: { now: history, asIf: history }, apart: [], own: 1 })
    // The wait for a length is over before anybody decides: what was decided about it then has nothing to stand on, what is decided of the next one has.
    expect(await tried(patient({ actions: [{ do: 'wait', for: '1h' }, until, tag('c')] }))).toEqual({ decided: { now: history, asIf: { taken: 3, without: 1, own: 2 } }, apart: ['0 tag b moved', '0 tag c moved', '3 tag b moved', '3 tag c moved'], own: 1 })
    // Who has no run at all has none that could be called off.
    expect(await tried(patient({ condition: { field: 'worth', op: 'gt', value: '100' } }))).toEqual({ decided: { now: history, asIf: { taken: 0, without: 4, own: 2 } }, apart: ['0 tag b less', '0 tag c less', '1 tag a less', '1 tag c less', '3 tag b less', '3 tag c less'], own: 1 })
  } finally {
    await deciding.drop()
  }
})

test('Y13 an approval goes as it was really answered, and where nobody was asked so the run ends there and says so', async () => {
  const asking = await depot()
  try {
    const tag = (...add: string[]) => ({ do: 'tag' as const, add })
    const ask = (more: object = {}): Rule => ({ key: 'release', label: label('放行'), trigger: { on: 'changed', object: 'parcel', fields: ['owner'] }, condition: { all: [] }, priority: 1, actions: [{ do: 'approve', to: [{ supervisor: true }], title: '放行 {{name}}', atMost: '24h', yes: [tag('a')], no: [tag('b')], late: [tag('late')], ...more }, tag('c')] })
    await asking.rule(ask())
    const made = async (name: string) => {
      const id = await asking.parcel({ name })
      await asking.write([{ op: 'update', object: 'parcel', id, owner: 1 }])
      await asking.drain()
      return id
    }
    const said = (record: string, agree: boolean) => asking.db.mutate(asking.tenant, async (tx) => {
      const ctx = await memberContext(tx, CHIEF)
      await decideApproval(ctx, (await approvalsFor(ctx)).find((each) => each.record === record)!.id, { agree, reason: '' })
    })
    const all = [await made('yes'), await made('no'), await made('late')]
    await asking.pass(2)
    await said(all[0]!, true)
    await said(all[1]!, false)
    for (let n = 0; n < 8; n++) await asking.pass(5)
    all.push(await made('open'))
    const tried = async (draft: Rule) => {
      const { apart, words } = await tryOut(asking.db, asking.tenant, { draft: { kind: 'rule', key: draft.key, body: draft }, days: 9 })
      return { words, apart: apart.map(({ record, what, detail, now, asIf }) => `${all.indexOf(record)} ${what} ${detail} ${now === null ? 'more' : asIf === null ? 'less' : 'moved'}`).sort() }
    }
    const known = (count: number, unknown = 0) => ({ known: count, unknown })
    expect(await tried(ask())).toEqual({ words: { now: known(4), asIf: known(4) }, apart: [] })
    // Asked of others, or in other words: nobody knows. The one that still waits has no tags to lose.
    const unknown = ['0 tag a less', '0 tag c less', '1 tag b less', '1 tag c less', '2 tag c less', '2 tag late less']
    const waits = (detail: string) => [0, 1, 2, 3].map((n) => `${n} unanswered ${detail} more`)
    expect(await tried(ask({ title: '真的放行 {{name}}？' }))).toEqual({ words: { now: known(4), asIf: known(0, 4) }, apart: [...unknown, ...waits('5')].sort() })
    expect((await tried(ask({ to: [{ member: 2 }, { supervisor: true }] }))).apart).toEqual([...unknown, ...waits('2,5')].sort())
    // An hour is too short for both who answered, and for who has not yet been so long: only the last still waits.
    const short = (await tried(ask({ atMost: '1h' }))).apart
    expect(short).toEqual(['0 tag a less', '0 tag c moved', '0 tag late more', '1 tag b less', '1 tag c moved', '1 tag late more', '2 tag c moved', '2 tag late moved'])
    // Given longer, whoever had not answered might have.
    expect(await tried(ask({ atMost: '36h' }))).toEqual({ words: { now: known(4), asIf: known(3, 1) }, apart: ['2 tag c less', '2 tag late less', '2 unanswered 5 more'] })
    // Where the record was gone when the time was over, it was simply too late.
    all.push(await made('gone'))
    await asking.write([{ op: 'delete', object: 'parcel', id: all[4]! }])
    for (let n = 0; n < 6; n++) await asking.pass(5)
    expect(await tried(ask())).toEqual({ words: { now: known(5), asIf: known(5) }, apart: [] })
    expect(await asking.rows('select 1 from {t}.approval')).toHaveLength(5)
  } finally {
    await asking.drop()
  }
})

test('Y13 Y11 what was asked in a branch and called off by another is known up to there; branches of one moment all come before who waits for them, once', async () => {
  const aside = await depot()
  try {
    const tag = (...add: string[]) => ({ do: 'tag' as const, add })
    const sides = ({ atMost = '24h', wait = '6h' } = {}): Rule => ({ key: 'sides', label: label('并行'), trigger: { on: 'changed', object: 'parcel', fields: ['owner'] }, condition: { all: [] }, priority: 1, actions: [{ do: 'parallel', join: 'any', branches: [[{ do: 'approve', to: [{ supervisor: true }], title: '放行 {{name}}', atMost, yes: [tag('a')], no: [], late: [tag('late')] }], [{ do: 'wait', for: wait }, tag('b')]] }, tag('c')] })
    const until: Step = { do: 'waitUntil', until: { field: 'state', op: 'eq', value: 'shipped' }, atMost: '9d', yes: [], no: [] }
    const beside = (...branches: Step[][]) => ({ do: 'parallel' as const, join: 'all' as const, branches })
    await aside.rule(sides())
    await aside.rule({ key: 'twice', trigger: { on: 'changed', object: 'parcel', fields: ['worth'] }, actions: [beside([until], [{ do: 'set', values: { state: 'shipped' } }]), { do: 'create', object: 'errand', values: { title: '一次', about: { record: true } } }] })
    const then: Rule = { key: 'then', label: label('接着'), trigger: { on: 'ran', object: 'parcel', rule: 'twice', outcome: 'finished' }, condition: { all: [] }, priority: 1, actions: [{ do: 'create', object: 'errand', values: { title: '接着', about: { record: true } } }] }
    await aside.rule(then)
    await aside.rule({ key: 'errand', trigger: { on: 'created', object: 'errand' }, actions: [tag('old')] })
    await aside.rule({ key: 'first', trigger: { on: 'changed', object: 'parcel', fields: ['count'] }, actions: [{ ...beside(...['hot', 'red', 'old'].map((each): Step[] => [{ do: 'wait', for: '3h' }, tag(each)])), join: 'any' }] })
    await aside.rule({ key: 'comes', trigger: { on: 'changed', object: 'parcel', fields: ['region'] }, actions: [{ ...until, yes: [tag('hot')] }] })
    const all = [await aside.parcel({ name: 'asked' }), await aside.parcel({ name: 'twice' }), await aside.parcel({ name: 'first' }), await aside.parcel({ name: 'comes' })]
    await aside.write([{ op: 'update', object: 'parcel', id: all[0]!, owner: 1 }, { op: 'update', object: 'parcel', id: all[1]!, values: { worth: '7' } }, { op: 'update', object: 'parcel', id: all[2]!, values: { count: 7 } }, { op: 'update', object: 'parcel', id: all[3]!, values: { region: '310000' } }])
    await aside.drain()
    const heads = await aside.rows<{ event: number; rule: string }>(`select event, rule from {t}.run where rule in ('first', 'comes') and head is null`)
    const decide = (decision: RunDecision) => aside.db.mutate(aside.tenant, async (tx) => { for (const head of heads) await decideRun(await memberContext(tx, CHIEF), head, decision) })
    await decide('cancel')
    // What the fourth waits for comes while it is called off.
    await aside.write([{ op: 'update', object: 'parcel', id: all[3]!, values: { state: 'shipped' } }])
    for (let n = 0; n < 2; n++) await aside.pass(5)
    await decide('restore')
    for (let n = 0; n < 6; n++) await aside.pass(5)
    expect(await Promise.all(all.map((id) => aside.tags(id)))).toEqual([['b', 'c'], [], ['hot', 'old', 'red'], ['hot']])
    const tried = async (draft: Rule) => {
      const { apart, words, effects } = await tryOut(aside.db, aside.tenant, { draft: { kind: 'rule', key: draft.key, body: draft }, days: 9 })
      return { words: words.asIf, tags: effects.now.get('tag'), apart: apart.map(({ record, what, detail, now, asIf }) => `${all.indexOf(record)} ${what} ${detail} ${now === null ? 'more' : asIf === null ? 'less' : 'moved'}`).sort() }
    }
    expect(await tried(sides())).toEqual({ words: { known: 1, unknown: 0 }, tags: 8, apart: [] })
    // What a rule makes that answers the end of another belongs to the chain, too, and is the same record.
    expect((await tried(then)).apart).toEqual([])
    // They had not answered when the other branch was through; what they would have said after that nobody knows.
    expect(await tried(sides({ wait: '20h' }))).toEqual({ words: { known: 0, unknown: 1 }, tags: 8, apart: ['0 tag b moved', '0 tag c moved', '0 unanswered 5 more'] })
    // An hour was over before that.
    expect(await tried(sides({ atMost: '1h' }))).toEqual({ words: { known: 1, unknown: 0 }, tags: 8, apart: ['0 tag b less', '0 tag c moved', '0 tag late more'] })
  } finally {
    await aside.drop()
  }
})

test('Y14 what was pushed is tried from what was sent, for the record found then', async () => {
  const pushing = await depot()
  try {
    const paid = (more: Partial<Rule> = {}): Rule => ({ key: 'paid', label: label('付款'), trigger: { on: 'pushed', object: 'parcel', proof: 'secret', match: { field: 'serial', from: 'no' }, missing: 'create', values: [{ name: 'title', from: 'name', field: 'name' }, { name: 'text', from: 'text' }] }, condition: { all: [] }, priority: 1, actions: [{ do: 'set', values: { note: { pushed: 'text' } } }], ...more })
    const push = async (body: object) => { await receivePush(pushing.db, pushing.tenant, { rule: 'paid', body, raw: JSON.stringify(body), contentType: null, ip: null, agent: null, request: 'r' }, { resolveContacts: async () => {}, nextId: ids.next, ring: ringPushed } as never); await pushing.drain() }
    await pushing.rule(paid())
    await push({ no: 'n1', name: 'one', text: 'x' })
    await pushing.pass(3)
    await push({ no: 'n2', name: 'two', text: 'y' })
    await push({ no: 'n1', name: 'one again', text: 'z' })
    await pushing.switchRule('paid', 'paused')
    await push({ no: 'n1', name: 'nobody listens', text: 'z' })
    await pushing.switchRule('paid', 'active')
    await pushing.pass(3)
    const tried = (draft: Rule) => tryOut(pushing.db, pushing.tenant, { draft: { kind: 'rule', key: draft.key, body: draft }, days: 9 })
    const same = await tried(paid())
    expect([same.apart, same.pushes, same.runs.now.get('paid done'), same.runs.asIf.get('paid done')]).toEqual([[], { tried: 3, off: 1, erased: 0 }, 3, 3])
    const other = await tried(paid({ actions: [{ do: 'create', object: 'errand', values: { title: { pushed: 'text' }, about: { record: true } } }] }))
    expect(other.apart.map(({ what, now }) => `${what} ${now === null ? 'more' : 'less'}`).sort()).toEqual(['create more', 'create more', 'create more', 'set less', 'set less', 'set less'])
    await pushing.within(({ tx }) => tx.query(`update {t}.raw_intake set body = '' where status = 'accepted' and record = (select id from {t}.o_parcel where f_serial = 'n2')`))
    const erased = await tried(paid())
    expect([erased.pushes, erased.runs.asIf.get('paid done')]).toEqual([{ tried: 2, off: 1, erased: 1 }, 2])
  } finally {
    await pushing.drop()
  }
})
