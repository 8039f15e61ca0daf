import type { DashboardShape } from '#contract/api'
import type { Dashboard } from '#language/definitions'
import type { Catalogue } from '../../api/catalogue.ts'

/** What one can look at: one's own copy stands in the place of what it was made from. */
export function boardsOf({ dashboards, me }: Pick<Catalogue, 'dashboards' | 'me'>): DashboardShape[] {
  const mine = new Map(dashboards.flatMap((each) => (each.owner === me.id && each.instead !== undefined ? [[each.instead, each] as const] : [])))
  const shown = dashboards.filter((each) => !(each.owner === me.id && each.instead !== undefined && dashboards.some(({ key }) => key === each.instead)))
  return shown.map((each) => mine.get(each.key) ?? each).sort((a, b) => rank(a, me.roles) - rank(b, me.roles))
}

/** What is meant for one's own role comes first; else as they are ordered. */
const rank = ({ roles, order }: DashboardShape, mine: readonly string[]): number => (roles !== undefined && !roles.some((role) => mine.includes(role)) ? 1_000_000 : 0) + order

/** One's own until it is shared; what others see belongs to whoever configures. */
export const isMine = ({ me }: Pick<Catalogue, 'me'>, { owner, shared }: Pick<Dashboard, 'owner' | 'shared'>): boolean => owner === me.id && !shared

/** Only whole tiles can be kept: those about what one may not see stay behind. */
export const wholeOf = ({ tiles, ...board }: DashboardShape): Dashboard => ({ ...board, tiles: tiles.filter((tile) => tile.kind !== 'closed') })

/** A copy of one's own, in the place of the other. */
export const copyFor = ({ roles: _, teams: _teams, ...board }: Dashboard, me: number): Dashboard => ({ ...board, key: freshBoardKey(), owner: me, shared: false, instead: board.key })
export const freshBoardKey = (): string => `board-${crypto.randomUUID().slice(0, 8)}`
export const freshTileKey = (): string => `t-${crypto.randomUUID().slice(0, 8)}`
