import { refused } from '#contract'
import type { ReweighAnswer } from '#contract/api'
import type { Context } from '#kernel/access'
import { otherwise, storyOf, tallyOf, type Outcome } from '#kernel/assignment'
import { iso } from './presenting.ts'
import { byIds } from './related.ts'
import type { Some } from './types.ts'

const ROWS = 200

/** What the weights on screen would have made of the past. */
export const reweighing: Some<'reweigh'> = {
  reweigh: async (ctx, { params, body: { days, of, ...weighing } }) => {
    const started = performance.now()
    const policy = ctx.metadata.assignmentPolicies.get(params.policy) ?? refused('NOT_FOUND')
    const story = await storyOf(ctx.tx, ctx.metadata, { policy, days })
    const outcomes = otherwise(story, weighing)
    const moved = outcomes.filter(({ told, chosen }) => told.chosen !== chosen && (of === undefined || told.chosen === of || chosen === of))
    const rows = await rowsOf(ctx, story.object, moved.slice(-ROWS).reverse())
    return { from: iso(story.from), to: iso(story.to), cut: story.cut, ...tallyOf(story, outcomes), rows, ms: Math.round(performance.now() - started) }
  },
}

async function rowsOf(ctx: Context, object: string, moved: readonly Outcome[]): Promise<ReweighAnswer['rows']> {
  const titles = new Map((await byIds(ctx, object, moved.map(({ told }) => told.record))).map(({ id, title }) => [id, title]))
  return moved.map(({ told: { no, record, at, chosen: was }, chosen: becomes, weighed }) => {
    const scoreOf = (member: number | null) => weighed.find((each) => each.member === member && !each.out)?.total ?? null
    return { no, object, record, title: titles.get(record) ?? null, at: new Date(at).toISOString(), was, becomes, score: { was: scoreOf(was), becomes: scoreOf(becomes) } }
  })
}
