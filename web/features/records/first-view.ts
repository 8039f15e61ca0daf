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
  return home === 'team' ? others : (views.find(({ filter }) => 'all' in filter && filter.all.length === 0) ?? others)
}

const isOfOthers = (filter: Condition): boolean =>
  'all' in filter ? filter.all.some(isOfOthers) : 'field' in filter && filter.field === 'owner' && filter.op === 'ne' && JSON.stringify(filter.value) === '{"me":true}'
