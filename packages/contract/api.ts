import type { Route } from './route.ts'
import type { RouteName } from './paths.ts'
import { absences } from './routes/absences.ts'
import { acts } from './routes/acts.ts'
import { aggregates } from './routes/aggregates.ts'
import { auth } from './routes/auth.ts'
import { calendar } from './routes/calendar.ts'
import { comments } from './routes/comments.ts'
import { definitions } from './routes/definitions.ts'
import { files } from './routes/files.ts'
import { handover } from './routes/handover.ts'
import { handout } from './routes/handout.ts'
import { members } from './routes/members.ts'
import { pools } from './routes/pools.ts'
import { records } from './routes/records.ts'
import { submissions } from './routes/submissions.ts'
import { webhooks } from './routes/webhooks.ts'
import { work } from './routes/work.ts'

export * from './paths.ts'
export * from './route.ts'
export * from './shapes.ts'
export type { AggregateShape } from './routes/aggregates.ts'
export type { SubmissionShape } from './routes/submissions.ts'
export { Subscription } from './routes/work.ts'

/** Everything the server can be asked, by name. */
export const ROUTES = { ...auth, ...members, ...definitions, ...records, ...aggregates, ...acts, ...submissions, ...webhooks, ...work, ...calendar, ...files, ...comments, ...pools, ...handover, ...handout, ...absences } satisfies { [N in RouteName]: Route }
export type Routes = typeof ROUTES
