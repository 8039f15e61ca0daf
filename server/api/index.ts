import type { FastifyInstance } from 'fastify'
import { refuse, type Refusal } from '#contract'
import { PasswordsBusy } from '#platform/crypto'
import { isAway, isRetryable, sqlState } from '#platform/db'
import { createApp } from '#platform/http'
import { absences } from './absences.ts'
import { ownAutomation } from './own-automation.ts'
import { acts } from './acts.ts'
import { aggregates } from './aggregates.ts'
import { audit } from './audit.ts'
import { auth } from './auth.ts'
import { duty } from './duty.ts'
import { calendar } from './calendar.ts'
import { calendarFeed, serveFeeds } from './calendar-feed.ts'
import { comments } from './comments.ts'
import { drafts } from './drafts.ts'
import { commands } from './commands.ts'
import { definitions } from './definitions.ts'
import { deletions } from './deletions.ts'
import { suggestions } from './suggestions.ts'
import { exportJobs } from './exports.ts'
import { enterprise } from './enterprise.ts'
import { erasures } from './erasures.ts'
import { founding } from './founding.ts'
import { serveHealth } from './health.ts'
import { stream } from './live/index.ts'
import { handout } from './handout.ts'
import { configuration } from './configuration.ts'
import { imports } from './imports.ts'
import { members } from './members.ts'
import { notifications } from './notifications.ts'
import { handover } from './handover.ts'
import { openings } from './openings.ts'
import { pools } from './pools.ts'
import { records } from './records.ts'
import { roles } from './roles.ts'
import { approvals } from './approvals.ts'
import { lint } from './lint.ts'
import { pushes } from './pushes.ts'
import { runs } from './runs.ts'
import { search } from './search.ts'
import { serve } from './serve.ts'
import { storedFiles } from './stored-files.ts'
import { submissions } from './submissions.ts'
import { undoing } from './undoing.ts'
import { webhooks } from './webhooks.ts'
import { system } from './system.ts'
import { traces } from './trace.ts'
import { unassigned } from './unassigned.ts'
import { reweighing } from './reweighing.ts'
import { trials } from './trials.ts'
import type { Api } from './types.ts'
import { serveWeb } from './web.ts'
import { whyNots } from './why-not.ts'
import { work } from './work.ts'

export type { Api, Mail } from './types.ts'
export { Hub } from './live/index.ts'
export { linkAt } from './links.ts'
export { tenantOf } from './who.ts'
export { onceFor, sweepIdempotency } from './idempotency.ts'

export interface AppOptions {
  /** The built web application. */
  webFolder: string
  trustedProxies?: readonly string[]
  /** Doors of channels: public forms and the like. */
  channels?: readonly ((app: FastifyInstance) => void | Promise<void>)[]
}

/** The whole of HTTP: the contract's routes, the channels' doors, the web, and what operators look at. Not yet listening. */
export async function buildApp(api: Api, { webFolder, trustedProxies = [], channels = [] }: AppOptions): Promise<FastifyInstance> {
  const app = createApp({ log: api.log, trustedProxies, refusalOf })
  serve(app, api, { ...auth, ...enterprise, ...founding, ...members, ...roles, ...definitions, ...configuration, ...records, ...aggregates, ...commands, ...acts, ...notifications, ...work, ...runs, ...trials, ...traces, ...whyNots, ...submissions, ...webhooks, ...pushes, ...lint, ...audit, ...search, ...system, ...stream, ...calendar, ...calendarFeed, ...storedFiles, ...comments, ...drafts, ...pools, ...openings, ...handover, ...handout, ...exportJobs, ...absences, ...ownAutomation, ...imports, ...approvals, ...deletions, ...suggestions, ...erasures, ...undoing, ...reweighing, ...unassigned, ...duty })
  serveHealth(app, api)
  serveFeeds(app, api)
  for (const channel of channels) await channel(app)
  serveWeb(app, webFolder)
  app.addHook('preClose', () => api.live.close())
  return app
}

/** What a failure below means to a client. Everything else is ours to mend: INTERNAL, logged. */
function refusalOf(error: unknown): Refusal | undefined {
  if (isAway(error)) return refuse('DATABASE_AWAY')
  if (isRetryable(error) || error instanceof PasswordsBusy) return refuse('BUSY')
  // Cancelled by the server's own limit: the question was too expensive, not wrong.
  if (sqlState(error) === '57014') return refuse('BUSY')
  return undefined
}
