import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Condition } from '#language/conditions'
import type { View } from '#language/definitions'
import { ALWAYS } from '#language/conditions'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { remember, remembered } from '../../design/theme.ts'
import { at } from '../../app/paths.ts'
import { firstView } from './first-view.ts'

interface ListSearch { view?: string; filter?: Condition; sort?: string; q?: string }
export type SortText = string

export interface ListState {
  object: ObjectFacts
  views: readonly View[]
  view: View | undefined
  filter: Condition
  sort: SortText
  search: string
  /** The filter or the order is no longer the view's own. */
  changed: boolean
  columns: readonly string[]
  set: (next: Partial<ListSearch>) => void
  choose: (view: string) => void
  setColumns: (columns: readonly string[]) => void
  reset: () => void
}

const DEFAULT_SORT = '-created_at'
const sortText = (view: View | undefined): SortText => view?.sort.map(({ field, direction }) => (direction === 'desc' ? `-${field}` : field)).join(',') || DEFAULT_SORT
const columnsKey = (object: string, view: string | undefined) => `nextmove.columns.${object}.${view ?? ''}`

/** What the list shows stands in its address: it can be sent to a colleague and found again with the back key. */
export function useListState(): ListState | null {
  const { object: key = '' } = useParams({ strict: false }) as { object?: string }
  const given = useSearch({ strict: false }) as ListSearch
  const navigate = useNavigate()
  const catalogue = useCatalogue()
  const object = catalogue.object(key)
  if (!object) return null
  const views = catalogue.views.filter((view) => view.object === key).sort((a, b) => a.order - b.order)
  const view = views.find((each) => each.key === given.view) ?? firstView(views, catalogue.me)
  const go = (search: ListSearch, replace = true) => void navigate({ to: at.list(key), search: tidy(search) as never, replace })
  const columns = keptColumns(object, view)
  return {
    object, views, view, columns,
    filter: given.filter ?? view?.filter ?? ALWAYS,
    sort: given.sort ?? sortText(view),
    search: given.q ?? '',
    changed: (given.filter !== undefined && JSON.stringify(given.filter) !== JSON.stringify(view?.filter ?? ALWAYS)) || (given.sort !== undefined && given.sort !== sortText(view)),
    set: (next) => go({ ...given, view: view?.key ?? '', ...next }),
    choose: (chosen) => go({ view: chosen }, false),
    reset: () => go({ view: view?.key ?? '', q: given.q ?? '' }),
    setColumns: (next) => { remember(columnsKey(key, view?.key), next.join(',')); go({ ...given, view: view?.key ?? '' }) },
  }
}

const tidy = (search: ListSearch): ListSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''))

/** This member's own choice, else the view's, else what a stranger would want to see first. */
function keptColumns(object: ObjectFacts, view: View | undefined): readonly string[] {
  const kept = remembered(columnsKey(object.key, view?.key))?.split(',') ?? view?.columns ?? firstColumns(object)
  const known = kept.filter((key) => { const field = object.field.get(key); return field && !field.retired })
  return [object.title, ...known.filter((key) => key !== object.title)]
}

const firstColumns = (object: ObjectFacts): string[] => [...object.fields.filter((field) => !field.base && !field.retired && field.kind !== 'long' && field.kind !== 'file').slice(0, 6).map((field) => field.key), ...['owner', 'created_at'].filter((key) => object.field.has(key))]
