import { refused } from '#contract'
import { effectOfRole, type Effect, type RoleEffect } from '#kernel/access'
import { beginViewing, checkRole } from '#kernel/members'
import { Role, type Label } from '#language/definitions'
import { iso } from './presenting.ts'
import type { Some } from './types.ts'
import { viewToken } from './view-as.ts'

export const roles: Some<'previewRole' | 'viewAs'> = {
  previewRole: async (ctx, { body }) => {
    const parsed = Role.safeParse(body.role)
    if (!parsed.success) return refused('DEFINITION_INVALID', parsed.error.issues[0]!.path.join('.'), { reason: parsed.error.issues[0]!.message })
    checkRole(ctx, parsed.data)
    const effect = await effectOfRole(ctx, parsed.data)
    return { holders: effect.holders, widens: sentencesOf(effect, 'gains'), narrows: sentencesOf(effect, 'losses') }
  },
  viewAs: async (ctx, { body: { member } }, { signedIn }) => {
    if (!signedIn?.session) return refused('FORBIDDEN')
    const { name, expiresAt } = await beginViewing(ctx, member)
    return { token: viewToken(signedIn.session, member, expiresAt), member, name, expiresAt: iso(expiresAt) }
  },
}

/** 「37 名成员将可读 2 个字段」 */
const WORDS: Record<'gains' | 'losses', Record<Effect, (n: { members: number; things: number }) => Label>> = {
  gains: {
    read: ({ members, things }) => ({ zh: `${members} 名成员将可读 ${things} 个字段`, en: `${members} members will read ${things} more fields` }),
    write: ({ members, things }) => ({ zh: `${members} 名成员将可改 ${things} 个字段`, en: `${members} members will change ${things} more fields` }),
    reach: ({ members, things }) => ({ zh: `${members} 名成员的 ${things} 项操作范围将变大`, en: `${things} actions of ${members} members will reach further` }),
    manage: ({ members, things }) => ({ zh: `${members} 名成员将得到 ${things} 项管理权限`, en: `${members} members will hold ${things} more administrative rights` }),
  },
  losses: {
    read: ({ members, things }) => ({ zh: `${members} 名成员将不再可读 ${things} 个字段`, en: `${members} members will no longer read ${things} fields` }),
    write: ({ members, things }) => ({ zh: `${members} 名成员将不再可改 ${things} 个字段`, en: `${members} members will no longer change ${things} fields` }),
    reach: ({ members, things }) => ({ zh: `${members} 名成员的 ${things} 项操作范围将变小`, en: `${things} actions of ${members} members will reach less far` }),
    manage: ({ members, things }) => ({ zh: `${members} 名成员将失去 ${things} 项管理权限`, en: `${members} members will lose ${things} administrative rights` }),
  },
}

const sentencesOf = (effect: RoleEffect, way: 'gains' | 'losses'): Label[] =>
  (Object.entries(effect[way]) as [Effect, { members: number; things: number }][]).filter(([, { members }]) => members > 0).map(([what, counted]) => WORDS[way][what](counted))
