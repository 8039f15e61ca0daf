import { READ_STATES, type ReadState } from '#language/definitions'
import { maskedSql, maskedValue, TELLING } from './masks.ts'
import type { Looker, Ruling } from './rulings.ts'
import { remembered } from './remembered.ts'
import { all, any, anyOf, exprBy, exprSql, not, type Expr } from './said.ts'
import type { Answers, LensField, Place } from './types.ts'

/** What roles give of a field, and what policies say about it record by record. Masks already fit its kind. */
export interface Varied {
  base: ReadState
  allows: readonly Said[]
  limits: readonly Said[]
  /** `moves`: limits that are decided by the record this field points to; whom they hold back may not point it elsewhere. */
  writes: { base: boolean; allows: readonly Ruling[]; limits: readonly Ruling[]; moves: readonly Ruling[] }
}
export interface Said { state: ReadState; ruling: Ruling }
interface Step { when: Expr; state: ReadState }
/** From the least upwards: the first step that holds is the state, else `most`. */
interface Ladder { steps: readonly Step[]; most: ReadState; states: readonly ReadState[]; /** Hidden, and the reader is told so; what else is hidden looks empty. */ told: Expr; secretly: boolean }

/** A field whose state differs from record to record, for this looker. `raw`: its stored value. */
export function variedField(field: LensField, varied: Varied, { looker, raw }: { looker: Looker; raw: (alias: string) => string }): LensField {
  const { steps, most, states, told, secretly } = ladderOf(varied)
  const unseen = steps.find(({ state }) => state === 'hidden')?.when ?? most === 'hidden'
  const sql = (expr: Expr) => (place: Place) => exprSql(expr, looker, place)
  const cased = (place: Place, then: (state: ReadState) => string) =>
    (steps.length === 0 ? then(most) : `(CASE ${steps.map(({ when, state }) => `WHEN ${exprSql(when, looker, place)} THEN ${then(state)}`).join(' ')} ELSE ${then(most)} END)`)
  const whole = most === 'full' ? not(any(steps.map(({ when }) => when))) : false
  const stays = not(anyOf(varied.writes.moves))
  const given = all([any([varied.writes.base, anyOf(varied.writes.allows)]), not(anyOf(varied.writes.limits))])
  const least = states.length > 1 ? 'hidden' : states[0]!
  return {
    ...field,
    column: (alias, params) => cased({ alias, params }, (state) => maskedSql(state, raw(alias))),
    see: (value, at = least) => maskedValue(at, value),
    ...(field.objectColumn && { objectColumn: (alias: string, params: Place['params']) => `(CASE WHEN ${exprSql(whole, looker, { alias, params })} THEN ${raw(alias).replace(/"$/, '__object"')} END)` }),
    ...(field.initials && { initials: (alias: string) => raw(alias).replace(/"$/, '__initials"') }),
    varies: {
      state: (place) => cased(place, (state) => `'${state}'`),
      visible: sql(not(told)),
      ...(secretly && { secret: sql(all([unseen, not(told)])) }),
      whole: sql(whole), writable: sql(all([whole, given, stays])), given: sql(given),
      bare: !secretly && states.every((state) => state === 'hidden' || state === 'full'), raw,
      cases: (place) => apart(steps, most).flatMap(({ when, state }) => (state === 'hidden' || when === false ? [] : [{ when: exprSql(when, looker, place), sql: maskedSql(state, raw(place.alias)) }])).concat(secretly ? [{ when: exprSql(all([unseen, not(told)]), looker, place), sql: `nullif(${raw(place.alias)}, ${raw(place.alias)})` }] : []),
      judged: (place) => {
        const [writes, found] = [exprBy(all([whole, given, stays]), looker, place), steps.map(({ when, state }) => ({ holds: exprBy(when, looker, place), state }))]
        const isTold = exprBy(told, looker, place)
        const stateBy = (answers: Answers): ReadState => found.find(({ holds }) => holds(answers))?.state ?? most
        return (answers) => { const read = stateBy(answers); return { read: secretly && read === 'hidden' && !isTold(answers) ? 'full' : read, write: writes(answers) } }
      },
    },
  }
}

const rank = (state: ReadState): number => READ_STATES.indexOf(state)

/** Each state with all of its condition: that no lesser one holds. */
const apart = (steps: readonly Step[], most: ReadState): Step[] =>
  [...steps, { when: true, state: most }].map(({ when, state }, i) => ({ state, when: all([when, not(any(steps.slice(0, i).map((step) => step.when)))]) }))

const ladders = new WeakMap<Varied, Ladder>()
/** Of a plan, so once for everybody who holds it. */
const ladderOf = (varied: Varied): Ladder => remembered(ladders, varied, () => madeLadder(varied))

function madeLadder({ base, allows, limits }: Varied): Ladder {
  const states = READ_STATES.filter((state) => state === base || [...allows, ...limits].some((said) => said.state === state))
  const most = READ_STATES.findLast((state) => state === base || allows.some((said) => said.state === state))!
  const atLeast = (state: ReadState): Expr => rank(base) >= rank(state) || anyOf(allows.filter((said) => rank(said.state) >= rank(state)).map(({ ruling }) => ruling))
  const above = (state: ReadState): Expr => rank(base) > rank(state) || anyOf(allows.filter((said) => rank(said.state) > rank(state)).map(({ ruling }) => ruling))
  const limited = (state: ReadState): Expr => anyOf(limits.filter((said) => said.state === state).map(({ ruling }) => ruling))
  const said = (state: ReadState): Expr => any([limited(state), all([atLeast(state), not(above(state))])])
  // What each of two masks tells alone, they do not tell together.
  const telling = states.filter((state) => TELLING.includes(state))
  const torn = any(telling.flatMap((one, i) => telling.slice(i + 1).map((other) => all([said(one), said(other)]))))
  const lower = [...new Set<ReadState>(['hidden', ...states])].filter((state) => rank(state) < rank(most))
  const steps = lower.map((state) => ({ state, when: any([limited(state), not(above(state)), state === 'hidden' && torn]) })).filter(({ when }) => when !== false)
  const hides = steps.find(({ state }) => state === 'hidden')?.when ?? most === 'hidden'
  const openly = limits.filter(({ ruling, state }) => state === 'hidden' && !ruling.policy.stealth)
  const secretly = limits.some(({ ruling, state }) => state === 'hidden' && ruling.policy.stealth)
  const told = secretly ? any([anyOf(openly.map(({ ruling }) => ruling)), not(above('hidden')), torn]) : hides
  return { steps, most, states, told, secretly }
}
