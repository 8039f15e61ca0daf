import type { RouteParsed, Routes } from '#contract/api'
import { planSpan, type Span, undoSpan, undoToken } from '#kernel/records'
import { keptIn } from './commands.ts'
import type { Some } from './types.ts'

/** So many are named beforehand. */
const SHOWN = 50

export const undoing: Some<'planUndo' | 'undoSpan'> = {
  planUndo: async (ctx, { body }) => {
    const { acts, kept, ...plan } = await planSpan(ctx, spanOf(body))
    return { acts: acts.length, ...plan, kept: kept.slice(0, SHOWN).map((each) => keptIn(ctx, each)), left: kept.length }
  },
  undoSpan: async (ctx, { body }) => {
    const { changed, acts, kept, sent } = await undoSpan(ctx, spanOf(body))
    return { changed, kept: kept.map((each) => keptIn(ctx, each)), sent, undo: acts.length > 200 ? null : await undoToken(ctx, acts) }
  },
}

const spanOf = ({ from, to, ...rest }: RouteParsed<Routes['planUndo']>['body']): Span => ({ ...rest, from: new Date(from), to: new Date(to) })
