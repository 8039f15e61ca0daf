import { DAY } from './working-time.ts'
import type { Grade, Lead, World } from './world.ts'

const WINDOWS = [3 * DAY, 7 * DAY]

/** Writes the grade that the lead has at the instant, when it is another one than before. */
export function graded(world: World, lead: Lead, at: number, because: string): void {
  const grade = gradeOf(lead, at)
  if (grade === lead.grade) return
  lead.grade = grade
  world.chronicle.note({ at, who: { rule: because }, subject: lead.id, writes: [{ op: 'update', object: 'lead', id: lead.id, values: { grade } }] })
}

/** The grade of every lead through its life: visits raise it, visits that leave their window lower it. */
export function gradeAll(world: World): void {
  for (const lead of world.leads) {
    const visits = lead.seen.map(({ at }) => ({ at: Math.max(at, lead.at), because: 'r2_behaviour' }))
    const ends = lead.seen.flatMap(({ at }) => WINDOWS.map((length) => ({ at: at + length + 1000, because: 'grading:lead_grade' })))
    const moments = [...visits, ...ends, { at: lead.budgetSince, because: 'grading:lead_grade' }].filter(({ at }) => at >= lead.at && at < world.now)
    for (const { at, because } of moments.sort((a, b) => a.at - b.at)) graded(world, lead, at, because)
  }
}

/** The solution's grading, for the past: a test holds it against the rule itself. */
export function gradeOf({ seen, tags, budget, budgetSince, firm, interest }: Lead, at: number): Grade {
  const past = seen.filter((each) => each.at <= at)
  const within = (length: number) => past.filter((each) => each.at > at - length)
  const week = within(WINDOWS[1]!)
  const hot = week.filter(({ kind, page }) => kind === 'view' && page?.includes('/pricing')).length >= 3 && week.some(({ kind, material }) => kind === 'download' && material?.includes('whitepaper'))
  const low = (at >= budgetSince ? budget : interest.budget)?.[0] ?? 0
  if (hot || tags.has('红标预警') || (firm.industry.startsWith('auto') && interest.need === 'mes' && low >= 1_000_000)) return 'red'
  return low >= 500_000 || within(WINDOWS[0]!).length > 0 || points(past) >= 5 ? 'yellow' : 'green'
}

function points(past: Lead['seen']): number {
  const count = (test: (seen: Lead['seen'][number]) => boolean) => past.filter(test).length
  return 5 * count(({ kind }) => kind === 'booking') + 2 * count(({ kind }) => kind === 'download') + count(({ kind, seconds }) => kind === 'video' && (seconds ?? 0) >= 60)
}
