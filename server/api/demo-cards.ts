import type { Context } from '#kernel/access'
import { avatarOf, listMembers } from '#kernel/members'

/** Who can be played on the sign-in page: every active member, grouped by the screen by their first role. */
export async function cards(ctx: Context) {
  const { roles, teams } = ctx.metadata
  const members = (await listMembers(ctx)).filter(({ state, roles: held }) => state === 'active' && held.some((key) => roles.has(key)))
  return members.map((member) => {
    const role = roles.get(member.roles.find((key) => roles.has(key))!)!
    return { member: member.id, name: member.name, avatar: avatarOf(member.name), job: member.job, team: (member.team && teams.get(member.team)?.name) || null, role: role.key, roleLabel: role.label }
  }).sort((a, b) => rank(ctx, b.role) - rank(ctx, a.role) || a.member - b.member)
}

const HOMES = ['tasks', 'panorama', 'workbench', 'team']
/** Those who run the place first, then those who lead, then those who work. */
const rank = ({ metadata }: Context, role: string): number => (metadata.roles.get(role)?.rights.length ?? 0) * 10 + HOMES.indexOf(metadata.roles.get(role)?.home ?? 'tasks')
