import type { RunDraft, Step } from '#kernel/automation'

/** One thing that a rule did to one record, told so that two courses can be laid side by side. */
export interface Effect { rule: string; object: string; record: string; what: EffectKind; /** The tag, the owner, the field, the object made, the member told. */ detail: string; at: number }
/** `unanswered`: somebody is asked who was never asked this; what they would have said is not guessed, and the run ends here. */
export type EffectKind = 'unanswered' | 'tag' | 'untag' | 'owner' | 'nobody' | 'set' | 'grade' | 'create' | 'update' | 'notify' | 'webhook' | 'message'

/** What a run did, action by action; what did nothing is left out. */
export function effectsOf({ rule, object, record, steps }: Pick<RunDraft, 'rule' | 'object' | 'record' | 'steps'>, at: number): Effect[] {
  return steps.flatMap((step) => {
    const on = step.on ?? { object, id: record }
    return deeds(step).map(([what, detail]): Effect => ({ rule: rule.replace(/#\d+$/, ''), object: on.object, record: on.id, what, detail, at }))
  })
}

/** Nobody knows what these would have said. */
export const unanswered = ({ rule, object, record }: Pick<Effect, 'rule' | 'object' | 'record'>, asked: readonly number[], at: number): Effect => ({ rule, object, record, what: 'unanswered', detail: [...asked].sort((a, b) => a - b).join(','), at })

function deeds(step: Step): [EffectKind, string][] {
  const list = (key: string): unknown[] => (step[key] as unknown[] | undefined) ?? []
  if (step.do === 'assign' && step.why === 'nobody') return [['nobody', String(step['policy'])]]
  // The channel is not connected yet: what would have gone out is what is asked for.
  if (step.do === 'message' && step.why === 'not_connected') return [['message', typeof step['channel'] === 'string' ? step['channel'] : '']]
  if (step.why !== undefined) return []
  switch (step.do) {
    case 'tag': return [...list('added').map((tag): [EffectKind, string] => ['tag', String(tag)]), ...list('removed').map((tag): [EffectKind, string] => ['untag', String(tag)])]
    case 'assign': return [['owner', String(step['chosen'])]]
    case 'set': return Object.entries((step['values'] as Record<string, unknown> | undefined) ?? {}).map(([key, value]): [EffectKind, string] => (key === 'owner' ? ['owner', String(value)] : ['set', key]))
    case 'grade': return [['grade', String(step['to'])]]
    case 'create': return [['create', String(step['object'])]]
    case 'updateChildren': return [['update', String(step['object'])]]
    case 'notify': return list('to').map((member): [EffectKind, string] => ['notify', String(member)])
    case 'webhook': return [['webhook', String(step['url'])]]
    default: return []
  }
}

/** One effect in the two courses. `now`: by the rules in force; `asIf`: by the draft; null: it does not come about. */
export interface Apart { rule: string; object: string; record: string; what: EffectKind; detail: string; now: number | null; asIf: number | null }

/** Sooner or later by less than this is the same moment. */
const A_MOMENT = 60_000

type Side = 'now' | 'asIf'
/** How often, by kind of effect, and by kind and detail. */
export type Counts = ReadonlyMap<string, number>

/** Two courses side by side as they go on: what comes about in both at one moment is counted and forgotten; the same thing twice is paired in order. */
export class Contrast {
  readonly #counts = { now: new Map<string, number>(), asIf: new Map<string, number>() }
  readonly #alone = { now: new Map<string, Effect[]>(), asIf: new Map<string, Effect[]>() }
  readonly #moved: Apart[] = []

  get counts(): Readonly<Record<Side, Counts>> { return this.#counts }

  tell(side: Side, effect: Effect): void {
    const { record, what, detail } = effect
    for (const key of [what, `${what} ${detail}`]) this.#counts[side].set(key, (this.#counts[side].get(key) ?? 0) + 1)
    const [key, others] = [`${record} ${what} ${detail}`, this.#alone[side === 'now' ? 'asIf' : 'now']]
    const waiting = others.get(key)
    const other = waiting?.shift()
    if (waiting?.length === 0) others.delete(key)
    if (other) this.#pair(side === 'now' ? effect : other, side === 'now' ? other : effect)
    else this.#alone[side].set(key, [...(this.#alone[side].get(key) ?? []), effect])
  }

  /** What comes about in one of the two only, or at another time. */
  apart(): Apart[] {
    const alone = (side: Side) => [...this.#alone[side].values()].flat().map((effect) => apartOf(effect, { now: null, asIf: null, [side]: effect.at }))
    return [...this.#moved, ...alone('now'), ...alone('asIf')]
  }

  #pair(now: Effect, asIf: Effect): void {
    if (Math.abs(now.at - asIf.at) > A_MOMENT) this.#moved.push(apartOf(asIf, { now: now.at, asIf: asIf.at }))
  }
}

const apartOf = ({ rule, object, record, what, detail }: Effect, at: Pick<Apart, Side>): Apart => ({ rule, object, record, what, detail, ...at })
