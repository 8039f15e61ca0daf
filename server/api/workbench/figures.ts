import { Refused } from '#contract'
import type { WorkbenchShape } from '#contract/api'
import type { Context } from '#kernel/access'
import { aggregate } from '#kernel/records'
import type { Condition } from '#language/conditions'
import { addDays, dayOf } from '#language/values'
import { WORKBENCH } from './cast.ts'

type Figure = NonNullable<WorkbenchShape['figures']>[number]
interface Asked { key: Figure['key']; title: Figure['title']; object: string; sum: string; filter: Condition }

/** This month's money, each figure with the list behind it. What the reader may not see is left out. One statement each. */
export async function monthFigures(ctx: Context): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { key, title, object, sum, filter } of asked(monthOf(ctx))) {
    const value = await summed(ctx, object, { sum, filter })
    if (value !== undefined) figures.push({ key, title, object, filter, value })
  }
  return figures
}

function monthOf({ now, tenant }: Context): { first: string; last: string } {
  const first = `${dayOf(now.getTime(), tenant.zone).slice(0, 7)}-01`
  return { first, last: addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1) }
}

function asked({ first, last }: { first: string; last: string }): Asked[] {
  const { deal, target } = WORKBENCH
  const due: Condition = { field: deal.closes, op: 'between', value: [first, last] }
  return [
    { key: 'won', title: { zh: '本月已签', en: 'Signed this month' }, object: deal.object, sum: deal.wonAmount, filter: { all: [{ field: deal.stage, op: 'in', value: [...deal.won] }, due] } },
    { key: 'forecast', title: { zh: '本月加权预测', en: 'Weighted forecast' }, object: deal.object, sum: deal.weighted, filter: { all: [{ field: deal.stage, op: 'notIn', value: [...deal.won, ...deal.lost] }, due] } },
    { key: 'target', title: { zh: '本月目标', en: 'Target of the month' }, object: target.object, sum: target.goal, filter: { all: [{ field: target.metric, op: 'eq', value: target.signed }, { field: target.member, op: 'notEmpty' }, { field: target.month, op: 'between', value: [first, last] }] } },
  ]
}

/** Null: there is nothing to sum. Undefined: hidden from this reader. */
async function summed(ctx: Context, object: string, query: { sum: string; filter: Condition }): Promise<string | null | undefined> {
  if (!ctx.metadata.objects.has(object)) return undefined
  try {
    return (await aggregate(ctx, object, { filter: query.filter, measures: [{ of: 'sum', field: query.sum }] })).total.values[0] as string | null
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}
