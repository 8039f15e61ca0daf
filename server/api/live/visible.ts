import { createHash } from 'node:crypto'
import { Refused } from '#contract'
import type { Subscription } from '#contract/api'
import type { Context } from '#kernel/access'
import { approvalsWaiting } from '#kernel/automation'
import { noticesOf, sentAbout, unreadCount } from '#kernel/delivery'
import { getRecord, listRecords, timelineOf } from '#kernel/records'
import { dashboardHash } from '../dashboards.ts'
import { configured } from '../definitions.ts'
import { sentBeside } from '../sent.ts'
import { runsStanding } from '../runs.ts'
import { workbenchHash } from '../workbench/index.ts'

/** A digest of what this member sees of what they watch: equal as long as nothing visible has changed. */
export async function visible(ctx: Context, subscription: Subscription): Promise<string> {
  try {
    return digest(await seen(ctx, subscription))
  } catch (error) {
    if (error instanceof Refused) return `refused ${error.refusal.code}`
    throw error
  }
}

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url')

async function seen(ctx: Context, watched: Subscription): Promise<unknown> {
  switch (watched.kind) {
    case 'workbench': return workbenchHash(ctx)
    case 'notifications': return newestMessage(ctx)
    case 'approvals': return approvalsWaiting(ctx)
    case 'definitions': return configured(ctx)
    case 'dashboard': return dashboardHash(ctx, watched.dashboard)
    case 'record': {
      const id = watched.id.toLowerCase()
      const [{ version, tags }, { items }] = [await getRecord(ctx, watched.object, id), await timelineOf(ctx, watched.object, id, { limit: 1 }, sentBeside)]
      return [version, tags, items, await standings(ctx, id)]
    }
    case 'runs': return runsStanding(ctx, watched.rule)
    case 'list': {
      const { records } = await listRecords(ctx, watched.object, { filter: watched.filter, search: watched.search, sort: watched.sort, limit: watched.limit ?? 50 })
      return records.map(({ id, version }) => [id, version])
    }
  }
}

/** What was sent about it stands further down, and may stand otherwise by now. */
const standings = async ({ tx }: Context, record: string): Promise<unknown> => (await sentAbout(tx, record, { below: null, limit: 20 })).map(({ id, state, attempts }) => [id, state, attempts])

async function newestMessage({ tx, principal }: Context): Promise<unknown> {
  const member = principal.kind === 'member' ? principal.member.id : 0
  return [(await noticesOf(tx, { member, limit: 1 }))[0]?.id, await unreadCount(tx, member)]
}

/** What stands for "something was configured" among the objects that changed: the epoch rose. */
export const CONFIGURED = 'definition:'

/** Changes that may give or take rights: they are not left for the next beat. */
export const isPressing = (object: string): boolean => object.startsWith(CONFIGURED) || object === 'system:member' || object === 'system:team'

/** Can a change of these objects alter what is seen? A list without relations depends on its own object only, what is configured on the epoch. */
export function isTouched(watched: Subscription, objects: ReadonlySet<string> | 'any'): boolean {
  // With what is configured rights may have come or gone, and rows with them.
  if (objects !== 'any' && objects.has(CONFIGURED)) return true
  if (watched.kind === 'definitions' && objects !== 'any') return false
  if (watched.kind === 'dashboard' && objects !== 'any') return watched.objects.some((each) => objects.has(each))
  if (objects === 'any' || watched.kind !== 'list' || objects.has(watched.object)) return true
  return /"(some|none|count|sum|latest|parent)":/.test(JSON.stringify(watched.filter ?? null))
}
