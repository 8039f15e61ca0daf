import { createHash } from 'node:crypto'
import type { DashboardShape } from '#contract/api'
import { Refused } from '#contract'
import { type Context, lensOf, lensSchema, may } from '#kernel/access'
import { aggregate, budgeted, listRecords } from '#kernel/records'
import { checkCondition } from '#language/conditions'
import { fieldsOf, questionOf } from '#language/dashboards'
import type { Dashboard, Tile } from '#language/definitions'
import { dayOf } from '#language/values'

/** Seconds that all tiles of an open page may take together when something has changed. */
const LIVE_BUDGET = 10

const memberOf = ({ principal }: Context) => (principal.kind === 'member' ? principal.member : undefined)

/** One's own, one's department's, and of what everybody may see what is meant for one's roles. */
export function isVisibleDashboard(ctx: Context, { owner, shared, teams = [], roles }: Dashboard): boolean {
  const me = memberOf(ctx)
  if (owner !== null && owner === me?.id) return true
  if (teams.some((team) => me?.teams.includes(team))) return true
  return (owner === null || shared) && (roles === undefined || roles.some((role) => me?.roles.includes(role)) || may(ctx, 'definitions'))
}

/** As its reader may know it: of a tile about what they may not read, its name and its place. Whoever made it or configures gets it whole. */
export function dashboardFor(ctx: Context, { owner: _, ...dashboard }: Dashboard): DashboardShape {
  const whole = ownsOrConfigures(ctx, { owner: _ })
  return { ...dashboard, owner: _, tiles: dashboard.tiles.map((tile) => (whole || isOpen(ctx, tile) ? tile : { kind: 'closed', key: tile.key, title: tile.title, width: tile.width, height: tile.height })) }
}

export const ownsOrConfigures = (ctx: Context, { owner }: Pick<Dashboard, 'owner'>): boolean => may(ctx, 'definitions') || (owner !== null && owner === memberOf(ctx)?.id)

/** All the dashboards that this member may look at, in their order. */
export const dashboardsFor = (ctx: Context): DashboardShape[] =>
  [...ctx.metadata.dashboards.values()].filter((each) => isVisibleDashboard(ctx, each)).sort((a, b) => a.order - b.order || (a.key < b.key ? -1 : 1)).map((each) => dashboardFor(ctx, each))

function isOpen(ctx: Context, tile: Tile): boolean {
  const lens = lensOf(ctx, tile.object)
  return lens.can('read') && fieldsOf(tile).every((key) => lens.field(key) !== undefined) && checkCondition(tile.filter, lensSchema(ctx, tile.object), 'filter').ok
}

/** A digest of every number and row on a dashboard, as this member sees them today. */
export async function dashboardHash(ctx: Context, key: string): Promise<unknown> {
  const dashboard = ctx.metadata.dashboards.get(key)
  if (!dashboard || !isVisibleDashboard(ctx, dashboard)) return null
  const today = dayOf(ctx.now.getTime(), ctx.tenant.zone)
  return budgeted(ctx.tx, LIVE_BUDGET, async () => {
    const seen: unknown[] = []
    for (const tile of dashboard.tiles.filter((each) => isOpen(ctx, each))) seen.push(await seenOf(ctx, tile, today))
    return createHash('sha256').update(JSON.stringify(seen)).digest('base64url')
  })
}

async function seenOf(ctx: Context, tile: Tile, today: string): Promise<unknown> {
  const question = questionOf(tile, today)
  try {
    return question.ask === 'list' ? (await listRecords(ctx, question.object, question)).records.map(({ id, version }) => [id, version]) : await aggregate(ctx, question.object, question)
  } catch (error) {
    if (error instanceof Refused && error.refusal.code !== 'AGGREGATE_TOO_LARGE') return error.refusal.code
    throw error
  }
}
