import { isIP } from 'node:net'
import type { Condition } from '#language/conditions'
import type { Policy, Whom } from '#language/definitions'
import { type Finding, finding, findings } from './finding.ts'
import type { Reader } from './reader.ts'
import { checkMask } from './settings.ts'

/** What a policy names is there, and it says something. */
export const checkAccessPolicy = (policy: Policy, reader: Reader): Finding[] =>
  findings(
    reader.object('object', policy.object),
    policy.when && reader.condition('when', policy.object, policy.when, 'filter', 'member'),
    checkWhom('who', policy.who, reader), checkWhom('except', policy.except, reader),
    (policy.network?.ranges ?? []).flatMap((range, i) => checkRange(`network.ranges.${i}`, range)),
    Object.entries(policy.fields).filter(([key]) => key !== '*').flatMap(([key, { read }]) => findings(
      reader.objectOf(policy.object) && !reader.objectOf(policy.object)!.field.has(key) && finding(`fields.${key}`, `「${policy.object}」没有字段「${key}」`, `“${policy.object}” has no field “${key}”`),
      read !== undefined && checkMask(`fields.${key}`, policy.object, [key, read], reader))),
    policy.stealth === true && (policy.effect !== 'limit' || Object.values(policy.fields).every(({ read }) => read !== 'hidden')) && finding('stealth', '只有让字段「不可见」的限制才能不留痕迹', 'Only a limit that hides a field can leave no trace'),
    looksTooFar(policy, reader),
    saysNothing(policy) && finding('fields', '请至少选择一个字段或一项操作', 'Choose at least one field or one action'),
    policy.effect === 'allow' && policy.scenarios?.includes('automation') && finding('scenarios', '自动化规则不需要授予', 'Rules need no permission given to them'),
  )

interface Place { object: string; /** These hang on what the limit is about, and one more of them may end it. */ hanging: false | { gainEnds: boolean } }

/**
 * A limit is guarded in its records, in those that they point to and in what hangs directly on any of these (access: A39). Whoever may
 * change what stands further off would end it unasked.
 */
function looksTooFar({ effect, off, object, when }: Policy, reader: Reader): Finding | undefined {
  return effect === 'limit' && !off && when ? tooFar(when, { object, hanging: false }, { reader, speaksFor: true }) : undefined
}

interface Looking { reader: Reader; speaksFor: boolean }

function tooFar(part: Condition, place: Place, looking: Looking): Finding | undefined {
  if ('all' in part) return firstOf(part.all, (each) => tooFar(each, place, looking))
  if ('any' in part) return firstOf(part.any, (each) => tooFar(each, place, looking))
  if ('not' in part) return tooFar(part.not, place, { ...looking, speaksFor: !looking.speaksFor })
  if ('field' in part) return part.field === 'tags' ? firstOf([part.value].flat(), (tag) => segmentTooFar(tag, place, looking)) : undefined
  if ('changed' in part || 'changedTo' in part) return undefined
  if (place.hanging) return FAR
  if ('parent' in part) {
    const to = looking.reader.metadata.objects.get(place.object)?.field.get(part.parent)?.to
    return typeof to === 'string' ? tooFar(part.where, { object: to, hanging: false }, looking) : undefined
  }
  const [relation, grows] = relationOf(part)
  const there: Place = { object: relation.object, hanging: { gainEnds: grows !== looking.speaksFor } }
  return firstOf([...(part.where ? [part.where] : []), ...('that' in part ? [part.that] : [])], (each) => tooFar(each, there, looking))
}

function segmentTooFar(tag: unknown, place: Place, looking: Looking): Finding | undefined {
  const found = typeof tag === 'string' ? looking.reader.metadata.tags.byKey.get(tag) : undefined
  if (found?.segment?.object !== place.object) return undefined
  if (place.hanging && place.hanging.gainEnds) return finding('when', `限制不能由挂在记录下面的动态标签【${found.label.zh}】来解除：谁让它的条件成立，标签就自动打上。请直接写它的条件`, `A limit cannot end with the segment “${found.label.en}” of what hangs on a record: whoever makes its condition hold would end the limit. Write its condition instead`)
  return tooFar(found.segment.condition, place, looking)
}

const FAR = finding('when', '限制只能由这条记录、它指向的记录，和直接挂在它们下面的记录来决定。再远一层的记录，谁能改，谁就能解除限制。请把条件写在近处，或者让规则打一个权限标签，按标签来限制', 'A limit can be decided by the record, by those it points to and by what hangs directly on these. Whoever may change what stands further off would end it. Decide by something nearer, or by a tag that a rule sets')

function firstOf<T>(parts: readonly T[], look: (part: T) => Finding | undefined): Finding | undefined {
  for (const part of parts) { const found = look(part); if (found) return found }
  return undefined
}

type Related = Extract<Condition, { some: unknown } | { none: unknown } | { count: unknown } | { sum: unknown } | { latest: unknown } | { recent: unknown } | { trend: unknown }>
/** And whether it is truer the more of them there are (true) or the fewer (false); null: neither. */
function relationOf(part: Related): [{ object: string }, boolean | null] {
  if ('some' in part) return [part.some, true]
  if ('none' in part) return [part.none, false]
  if ('count' in part) return [part.count, part.op === 'eq' || part.op === 'ne' ? null : part.op === 'gt' || part.op === 'ge']
  return ['sum' in part ? part.sum : 'latest' in part ? part.latest : 'recent' in part ? part.recent : part.trend, null]
}

const saysNothing = ({ effect, fields, actions }: Policy): boolean =>
  actions.length === 0 && Object.values(fields).every(({ read, write }) => (effect === 'limit' ? (read ?? 'full') === 'full' && write !== false : (read ?? 'hidden') === 'hidden' && write !== true))

const checkWhom = (path: string, { roles = [], teams = [] }: Whom = {}, reader: Reader): Finding[] =>
  findings(
    roles.flatMap((role, i) => reader.role(`${path}.roles.${i}`, role)),
    teams.flatMap((team, i) => (reader.metadata.teams.has(team) ? [] : [finding(`${path}.teams.${i}`, '没有这个部门', 'There is no such team')])),
  )

function checkRange(path: string, range: string): Finding[] {
  const [address, bits] = range.split('/')
  const kind = isIP(address!)
  return kind > 0 && Number(bits) <= (kind === 4 ? 32 : 128) ? [] : [finding(path, `「${range}」不是网段，例如 10.0.0.0/8`, `“${range}” is no range of addresses such as 10.0.0.0/8`)]
}
