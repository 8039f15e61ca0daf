import type { DefinitionsShape } from '#contract/api'
import type { Condition } from '#language/conditions'
import type { View } from '#language/definitions'

/**
 * The list that opens when none is asked for: the one meant for one's role; else by what one does. Who works on records of their own begins with the first view; who leads
 * others with the first that leaves out one's own; everybody else, owning none, with the whole.
 */
export function firstView(views: readonly View[], { home, roles }: Pick<DefinitionsShape['me'], 'home' | 'roles'>): View | undefined {
  const meant = views.find(({ firstFor }) => firstFor?.some((role) => roles.includes(role)))
  if (meant) return meant
  const others = home === 'workbench' ? undefined : views.find(({ filter }) => isOfOthers(filter))
  if (!others) return views[0]
  return home === 'team' ? others : (views.find(isWhole) ?? others)
}

const isOfOthers = (filter: Condition): boolean =>
  'all' in filter ? filter.all.some(isOfOthers) : 'field' in filter && filter.field === 'owner' && filter.op === 'ne' && JSON.stringify(filter.value) === '{"me":true}'

const isWhole = ({ filter }: View): boolean => 'all' in filter && filter.all.length === 0

/** How an object's records stand beside another: as in the list of all of them, else as in its first. Nothing where the reader may not know by what. */
export function usualSort(views: readonly View[], object: string, known: { has(field: string): boolean }): { sort?: string } {
  const shared = views.filter((view) => view.object === object && view.shared)
  const { sort = [] } = shared.find(isWhole) ?? shared[0] ?? {}
  return sort.length === 0 || !sort.every(({ field }) => known.has(field)) ? {} : { sort: sort.map(({ field, direction }) => (direction === 'desc' ? `-${field}` : field)).join(',') }
}
