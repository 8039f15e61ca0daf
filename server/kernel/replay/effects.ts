import type { RunDraft, Step } from '#kernel/automation'

/** One thing that a rule did to one record, told so that two courses can be laid side by side. */
export interface Effect { rule: string; object: string; record: string; what: EffectKind; /** The tag, the owner, the field, the object made, the member told. */ detail: string; at: number }
export type EffectKind = 'tag' | 'untag' | 'owner' | 'nobody' | 'set' | 'grade' | 'create' | 'update' | 'notify' | 'webhook' | 'message'

/** What a run did, action by action; what did nothing is left out. */
export function effectsOf({ rule, object, record, steps }: Pick<RunDraft, 'rule' | 'object' | 'record' | 'steps'>, at: number): Effect[] {
  return steps.flatMap((step) => {
    const on = step.on ?? { object, id: record }
    return deeds(step).map(([what, detail]): Effect => ({ rule: rule.replace(/#\d+$/, ''), object: on.object, record: on.id, what, detail, at }))
  })
}

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

/** What comes about in one of two courses only, or at another time; the same thing twice is paired in order. */
export function contrast(now: readonly Effect[], asIf: readonly Effect[]): Apart[] {
  const keyOf = ({ record, what, detail }: Effect) => `${record} ${what} ${detail}`
  const [a, b] = [Map.groupBy(now, keyOf), Map.groupBy(asIf, keyOf)]
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) => pairs(a.get(key) ?? [], b.get(key) ?? []))
}

function pairs(now: readonly Effect[], asIf: readonly Effect[]): Apart[] {
  return Array.from({ length: Math.max(now.length, asIf.length) }, (_, i) => [now[i], asIf[i]] as const).flatMap(([one, other]): Apart[] => {
    if (one && other && Math.abs(one.at - other.at) <= A_MOMENT) return []
    const { rule, object, record, what, detail } = (other ?? one)!
    return [{ rule, object, record, what, detail, now: one?.at ?? null, asIf: other?.at ?? null }]
  })
}
