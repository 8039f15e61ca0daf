import { createKey, createLink, createMember, createTeam, deleteTeam, keysOf, listMembers, listTeams, memberById, resetTwoFactor, revokeKey, updateMember, updateTeam, checkGrant, importMembers, previewImport } from '#kernel/members'
import { linkUrl } from './links.ts'
import { iso, isoOrNull, presentMember } from './presenting.ts'
import type { Some } from './types.ts'

export const members: Some<'members' | 'member' | 'createMember' | 'updateMember' | 'importMembers' | 'memberLink' | 'resetTwoFactor' | 'teams' | 'createTeam' | 'updateTeam' | 'deleteTeam' | 'apiKeys' | 'createApiKey' | 'revokeApiKey'> = {
  members: async (ctx) => ({ members: (await listMembers(ctx)).map(presentMember) }),
  member: async (ctx, { params }) => presentMember(await memberById(ctx, params.id)),
  createMember: async (ctx, { body }, call) => {
    const member = await createMember(ctx, body)
    const { token, expiresAt } = await createLink(ctx.tx, 'invite', member.id)
    return { member: presentMember(member), link: { url: linkUrl(call, 'invite', token), expiresAt: iso(expiresAt) } }
  },
  updateMember: async (ctx, { params, body }) => presentMember(await updateMember(ctx, params.id, body)),
  importMembers: async (ctx, { body: { text, commit } }, call) => {
    const rows = (await previewImport(ctx, text)).map(({ problems, ...row }) => ({ ...row, problems: problems.map(({ column, zh, en }) => ({ column, message: { zh, en } })) }))
    if (!commit || rows.some(({ problems }) => problems.length > 0)) return { rows, made: [] }
    const made = await Promise.all((await importMembers(ctx, text)).map(async (each) => {
      const { token, expiresAt } = await createLink(ctx.tx, 'invite', each.id)
      return { ...each, link: { url: linkUrl(call, 'invite', token), expiresAt: iso(expiresAt) } }
    }))
    return { rows, made }
  },
  memberLink: async (ctx, { params, body }, call) => {
    const { roles } = await memberById(ctx, params.id)
    checkGrant(ctx, roles, 'id')
    const { token, expiresAt } = await createLink(ctx.tx, body.kind, params.id)
    return { url: linkUrl(call, body.kind, token), expiresAt: iso(expiresAt) }
  },
  resetTwoFactor: async (ctx, { params }) => {
    checkGrant(ctx, (await memberById(ctx, params.id)).roles, 'id')
    return { done: await resetTwoFactor(ctx, params.id) }
  },
  teams: async (ctx) => ({ teams: await listTeams(ctx) }),
  createTeam: (ctx, { body }) => createTeam(ctx, body),
  updateTeam: (ctx, { params, body }) => updateTeam(ctx, params.id, body),
  deleteTeam: async (ctx, { params }) => {
    await deleteTeam(ctx, params.id)
    return { done: true }
  },
  apiKeys: async (ctx, _input, { signedIn }) => {
    const keys = await keysOf(ctx, signedIn!.member)
    return { keys: keys.map((key) => ({ ...key, createdAt: iso(key.createdAt), lastUsedAt: isoOrNull(key.lastUsedAt), revokedAt: isoOrNull(key.revokedAt) })) }
  },
  createApiKey: (ctx, { body }, { signedIn }) => createKey(ctx, signedIn!.member, body.name, body.scopes),
  revokeApiKey: async (ctx, { params }, { signedIn }) => {
    await revokeKey(ctx, signedIn!.member, params.id)
    return { done: true }
  },
}
