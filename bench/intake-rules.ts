import { run as intake } from './intake.ts'
import type { Report } from './report.ts'

export const named = true

/** As `intake`, with a thousand active rules beside, each of which every lead narrowly misses. */
export const run = (report: Report): Promise<void> => intake(report, 1_000)
