import { type AssignmentPolicy, fallbackSteps, type FallbackStep } from '#language/definitions'
import { formatDuration } from '#language/values'
import type { ObjectMetadata, PublishedRule } from './types.ts'

type Policy = AssignmentPolicy & { version: number }

export const fallbackKey = (policy: string, n: number): string => `fallback:${policy}:${n}`
export const isFallback = (rule: string): boolean => rule.startsWith('fallback:')

/**
 * Steps of a fallback that come later are rules about silence: the engine sets their timers, runs and tells them, and a replay knows them. They cannot be
 * switched off but with the policy.
 */
export const fallbackRules = (policies: Iterable<Policy>, objects: ReadonlyMap<string, ObjectMetadata>): PublishedRule[] =>
  [...policies].filter(({ active, object }) => active && objects.has(object)).flatMap((policy) => fallbackSteps(policy).flatMap((step, n) => (step.after === undefined ? [] : [ruleOf(policy, objects.get(policy.object)!, { ...step, after: step.after, n })])))

function ruleOf({ key, label, version, object, fallback }: Policy, { load, title, label: name }: ObjectMetadata, { to, when, after, n }: FallbackStep & { after: string; n: number }): PublishedRule {
  return {
    key: fallbackKey(key, n), version, state: 'active', required: true, priority: 900,
    label: { zh: `${label.zh}：${formatDuration(after)}仍没有负责人`, en: `${label.en}: no owner after ${formatDuration(after, 'en')}` },
    trigger: { on: 'silence', object, since: 'created_at', for: after },
    condition: { all: [{ field: 'owner', op: 'empty' }, ...(load ? [load.while] : []), ...(when ? [when] : [])] },
    actions: [to === 'supervisor' ? { do: 'notify', to: [{ role: fallback.alertRole }], kind: 'escalation', title: `${name.zh}「{{${title}}}」${formatDuration(after)}仍没有负责人` } : { do: 'assign', policy: key }],
  }
}
