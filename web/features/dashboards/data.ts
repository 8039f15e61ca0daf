import { useQuery } from '@tanstack/react-query'
import type { AggregateShape, RecordShape } from '#contract/api'
import { questionOf, type Question } from '#language/dashboards'
import type { Tile } from '#language/definitions'
import { call, isAway, keepPreviousData, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { today } from '../../design/format.ts'

type Related = AggregateShape['related']
export type Answer = { ask: 'aggregate'; found: AggregateShape } | { ask: 'list'; records: RecordShape[]; related: Related }

/** What a tile shows today. Drawn from what was there while it is asked anew. */
export function useTile(tile: Tile) {
  const question = questionOf(tile, today())
  return useQuery({ queryKey: keys.tile(question), queryFn: ({ signal }) => asked(question, signal), placeholderData: keepPreviousData, retry })
}

/** Of the period before; nothing where nothing is compared. */
export function useBefore(tile: Tile) {
  const compares = tile.kind === 'number' && tile.compare !== undefined && tile.period !== undefined
  const question = questionOf(tile, today(), true)
  return useQuery({ queryKey: keys.tile(question), queryFn: ({ signal }) => asked(question, signal), enabled: compares, retry })
}

const retry = (count: number, error: unknown): boolean => isAway(error) && count < 5

export const forgetTiles = () => queries.invalidateQueries({ queryKey: ['tile'] })

async function asked(question: Question, signal: AbortSignal): Promise<Answer> {
  const { object, filter } = question
  if (question.ask === 'list') {
    const sort = question.sort.map(({ field, direction }) => (direction === 'desc' ? `-${field}` : field)).join(',')
    const { records, related } = await call('listRecords', { params: { object }, query: { filter, fields: question.fields, limit: question.limit, ...(sort ? { sort } : {}) } }, { signal })
    return { ask: 'list', records, related }
  }
  const { measures, groupBy, order, top } = question
  return { ask: 'aggregate', found: await call('aggregateRecords', { params: { object }, query: { filter, measures, ...(groupBy.length > 0 ? { groupBy } : {}), ...(order ? { order } : {}), ...(top ? { top } : {}) } }, { signal }) }
}
