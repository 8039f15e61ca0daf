import type { Step } from '../types.ts'
import type { Depot } from './depot.ts'

/** What one rule did about one record, the first first. */
export const answerOfRun = (home: Depot, record: string, rule: string): Promise<{ event: number; status: string; steps: Step[] }[]> =>
  home.rows('select event, status, steps from {t}.run where record = $1 and rule = $2 order by event', [record, rule])
