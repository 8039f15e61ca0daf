import type { Me, MemberShape } from '#contract/api'
import type { Context } from '#kernel/access'
import { avatarOf, type Member, profileOf } from '#kernel/members'
import type { Tenant } from '#platform/db'
import { csrfOf } from './who.ts'

export const iso = (at: Date): string => at.toISOString()
export const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null
export const tenantShape = ({ key, name, zone, demo }: Tenant) => ({ key, name, zone, demo })

/** What a member sees of themselves. `session` null: an API key asks. */
export async function presentMe(ctx: Context, id: number, session: string | null): Promise<Me> {
  const profile = await profileOf(ctx, id)
  return { ...profile, teamTree: [...profile.teamTree], avatar: avatarOf(profile.name), tenant: tenantShape(ctx.tenant), csrf: session && csrfOf(session) }
}

export function presentMember({ lastSeenAt, createdAt, ...member }: Member): MemberShape {
  return { ...member, avatar: avatarOf(member.name), active: member.state === 'active', lastSeenAt: isoOrNull(lastSeenAt), createdAt: iso(createdAt) }
}
