import type { Who } from './history.ts'
import type { Lead, World } from './world.ts'

export const rule = (key: string): Who => ({ rule: key })
export const about = (lead: Lead) => ({ object: 'lead', id: lead.id })

export const filled = (values: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined))

export function own(world: World, lead: Lead, owner: string | null): void {
  world.desk.count(lead.owner, -1)
  world.desk.count(owner, +1)
  world.desk.hold(lead.id, owner)
  lead.owner = owner
}
