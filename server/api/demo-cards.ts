import type { Context } from '#kernel/access'
import { avatarOf, listMembers } from '#kernel/members'

/** Who can be played on the sign-in page: every active member, grouped by the screen by their first role. */
export async function cards(ctx: Context) {
  const { roles, teams } = ctx.metadata
  const order = [...roles.keys()]
  const members = (await listMembers(ctx)).filter(({ state, roles: held }) => state === 'active' && held.some((key) => roles.has(key)))
  return members.map((member) => {
    const role = roles.get(member.roles.find((key) => roles.has(key))!)!
    return { member: member.id, name: member.name, avatar: avatarOf(member.name), job: member.job, team: (member.team && teams.get(member.team)?.name) || null, role: role.key, roleLabel: role.label }
  }).sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || a.member - b.member)
}
