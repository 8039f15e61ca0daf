import { memberContext } from '#kernel/access'
import type { Action, Rule, Step } from '#language/definitions'
import { approvalsFor, decideApproval, decideRun, type RunDecision } from '#kernel/automation'
import { CHIEF, type Depot } from '../server/kernel/automation/testing/depot.ts'
import { allowed, type Deed, type Drawing, rule } from './depot-told.ts'

const made = (title: string): Action => ({ do: 'create', object: 'errand', values: { title, about: { record: true } } })
const count: Action = { do: 'set', values: { count: { add: 1 } } }
const wait = (length: string): Step => ({ do: 'wait', for: length })
const side = (join: 'all' | 'any', ...branches: Step[][]): Step => ({ do: 'parallel', join, branches })
const named = (part: string): Pick<Rule, 'trigger' | 'condition'> => ({ trigger: { on: 'created', object: 'parcel' }, condition: { field: 'name', op: 'contains', value: part } })

/** A parcel of this name goes the ways of one of `BRANCHING`; what a thorn writes the database refuses. */
export const NAMES = ['sides', 'sides thorn', 'first', 'halt', 'halt thorn'] as const
export const hasThorn = (name: unknown): boolean => String(name).endsWith('thorn')

/** Goes on behind its branches when all are done. `tail`: an edit that waiting runs do not see. */
export const sides = (tail = ''): Rule => rule('sides', 8, { ...named('sides'), actions: [
  side('all',
    [made('sides at once'), wait('30m'), count, made('sides waited')],
    [{ do: 'waitUntil', until: { field: 'state', op: 'eq', value: 'shipped' }, atMost: '60m', yes: [made('sides shipped')], no: [made('sides unshipped')] }],
    [{ do: 'branch', condition: { field: 'name', op: 'contains', value: 'thorn' }, yes: [{ do: 'set', values: { note: 'poison' } }], no: [count] }, made('sides chosen')]),
  made(`sides joined${tail}`),
] })
const first = rule('first', 9, { ...named('first'), actions: [
  side('any',
    [{ do: 'approve', to: [{ role: 'chief' }], title: '{{name}}', atMost: '90m', yes: [made('first agreed')], no: [made('first refused')], late: [made('first unheard')] }],
    [wait('60m'), { do: 'stop', if: { field: 'hold', op: 'notEmpty' } }, made('first waited')],
    [side('all', [made('first inside'), wait('20m'), count], [wait('30m')]), made('first both')]),
  count, made('first joined'),
] })
/** A parcel that is held stops it, early in a branch inside another or later. */
const halt = rule('halt', 10, { ...named('halt'), actions: [
  { do: 'branch', condition: { field: 'name', op: 'contains', value: 'thorn' }, yes: [made('halt thorny')], no: [] },
  side('all',
    [{ do: 'waitUntil', until: { field: 'state', op: 'eq', value: 'shipped' }, atMost: '40m', yes: [made('halt shipped')], no: [] }],
    [side('all', [{ do: 'approve', to: [{ role: 'chief' }], title: '{{name}}', atMost: '20m', yes: [], no: [], late: [made('halt unheard')] }], [wait('30m'), { do: 'stop', if: { field: 'hold', op: 'notEmpty' } }, made('halt inside')])],
    [wait('60m'), { do: 'stop', if: { field: 'hold', op: 'notEmpty' } }, made('halt waited')]),
  made('halt joined'),
] })
/** Rules that go several ways at once; each step leaves an errand of its own, or counts. */
export const BRANCHING: Rule[] = [sides(), first, halt]
/** They answer what the others came to say. */
export const ANSWERING: Rule[] = BRANCHING.flatMap(({ key }) => (['yes', 'no'] as const).map((outcome) => rule(`${key}_${outcome}`, 11, { trigger: { on: 'ran', object: 'parcel', rule: key, outcome }, actions: [made(`${key} said ${outcome}`)] })))

interface Place { run: number; rule: string; branch: string; state: string; kind: string; path: string }

/** Whoever looks after the rules: decides about a run, or one of its branches, that stands somewhere when they look; gives their word where it is asked for. */
export function keeping({ home, roll, told }: Drawing): Deed {
  const [waits, which, what, length] = [20 + roll(120), roll(100), roll(100), roll(40)]
  const decide = (place: Place, decision: RunDecision): Deed => async ({ db }) => db.mutate(home.tenant, async (tx) => decideRun(await memberContext(tx, CHIEF), { event: place.run, rule: place.rule, branch: place.branch }, decision, decision === 'skip' ? { step: '0.b3.0.yes.0', reason: 'thorn' } : {}))
  return async (actor) => {
    await actor.pass(waits)
    const open = await home.rows<Place>(`select run, rule, branch, state, kind, path from {t}.wait where record = any($1::uuid[]) order by run, rule, branch`, [told.parcels])
    const place = open[which % open.length]
    if (!place) return
    const decision = choose(place, what)
    if (decision === 'word') return giveWord(home, actor, { place, agree: what % 2 === 0 }).catch(allowed)
    const isDone = await decide(place, decision)(actor).then(() => true, allowed)
    if (decision !== 'cancel' || !isDone) return
    const before = await partsOf(home, place)
    await actor.pass(length)
    told.actedWhileOff += (await partsOf(home, place)) - before
    for (let done = false; !done && !actor.stopped; ) done = (await decide(place, 'restore')(actor).then(() => true, allowed)) === true
  }
}

function choose({ branch, kind, state }: Place, what: number): RunDecision | 'word' {
  const one = <T>(...of: T[]): T => of[what % of.length]!
  if (state === 'failed') return one('dismiss', 'retry', 'skip')
  if (state === 'dismissed') return 'restore'
  if (branch === '') return one('go', 'cancel', 'cancel')
  switch (kind) {
    case 'approval': return one('word', 'word', 'late', 'dismiss')
    case 'condition': return one('met', 'late', 'dismiss')
    case 'time': return one('go', 'dismiss')
    default: return 'dismiss'
  }
}

async function giveWord(home: Depot, { db }: Parameters<Deed>[0], { place: { run, path }, agree }: { place: Place; agree: boolean }): Promise<void> {
  await db.mutate(home.tenant, async (tx) => {
    const ctx = await memberContext(tx, CHIEF)
    const asked = (await approvalsFor(ctx)).find((each) => each.run === run && each.path === path)
    if (asked) await decideApproval(ctx, asked.id, { agree, reason: '' })
  })
}

const partsOf = async (home: Depot, { run, rule: key }: Place): Promise<number> => (await home.rows<{ n: number }>('select count(*)::int as n from {t}.run where rule = $1 and (event = $2 or head = $2)', [key, run]))[0]!.n
