import type { Catalogue, ObjectFacts } from '../../api/catalogue.ts'
import { activityOf, takesFollowUps } from '../../features/followup/activity.ts'
import { label } from '../../i18n/index.ts'

/** What a list of it is called. */
export const pluralOf = (object: ObjectFacts): string => label(object.plural ?? object.label)

/** What this company's salespeople work through day by day: graded before ungraded, followed up before the rest. */
export function mainObject(catalogue: Catalogue): ObjectFacts | undefined {
  const activity = activityOf(catalogue)
  const graded = new Set(catalogue.gradings.map(({ object }) => object))
  const shown = reachable(catalogue)
  return shown.find(({ key }) => graded.has(key)) ?? shown.find(({ key }) => takesFollowUps(activity, key)) ?? shown[0]
}

/** Everything one may look at, followed-up objects first. */
export function reachable(catalogue: Catalogue): ObjectFacts[] {
  const activity = activityOf(catalogue)
  const rank = (object: ObjectFacts) => (object.activity ? 2 : takesFollowUps(activity, object.key) || object.key === 'task' ? 0 : object.immutable ? 3 : 1)
  return catalogue.objects.filter((object) => !object.hidden && object.can.read).sort((a, b) => rank(a) - rank(b))
}
