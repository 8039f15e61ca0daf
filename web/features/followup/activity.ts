import type { Catalogue, ObjectFacts, Option } from '../../api/catalogue.ts'

export interface ActivityFacts { object: ObjectFacts; subjects: ReadonlySet<string> | '*'; results: readonly Option[]; resources: readonly Option[]; methods: readonly Option[]; noResource: string | null }

/** The object whose rows are follow-ups, and the words its three questions offer. */
export function activityOf(catalogue: Catalogue): ActivityFacts | null {
  const object = catalogue.objects.find((each) => each.activity)
  if (!object?.activity) return null
  const on = (key: string | undefined) => catalogue.options(object.field.get(key ?? '')?.dictionary).filter((option) => !option.off)
  const to = object.field.get(object.activity.subject)?.to
  const resources = on('resource')
  const preset = object.field.get('resource')?.default
  return { object, subjects: to === '*' ? '*' : new Set(typeof to === 'string' ? [to] : to), results: on(object.activity.result ?? 'result'), resources, methods: on('method'), noResource: typeof preset === 'string' ? preset : (resources[0]?.key ?? null) }
}

export const takesFollowUps = (activity: ActivityFacts | null, object: string): boolean => activity !== null && (activity.subjects === '*' || activity.subjects.has(object))

/** The way of contact comes from the button that was pressed. */
export function methodLike({ methods }: ActivityFacts, method: 'phone'): { method?: string } {
  const option = methods.find(({ key }) => key === method || key === 'call')
  return option ? { method: option.key } : {}
}
