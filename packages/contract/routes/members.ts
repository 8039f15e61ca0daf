import { z } from 'zod'
import { Capability, Key } from '#language/definitions'
import { route } from '../route.ts'
import { AnyValues, Done, Id, Instant, MemberShape, OneTimeLink, Scope, Sentence, TeamShape } from '../shapes.ts'

const Draft = z.strictObject({
  name: z.string().min(1).max(80), email: z.email().max(200).nullable().optional(), phone: z.string().max(40).nullable().optional(), job: z.string().max(80).nullable().optional(),
  roles: z.array(Key).min(1).max(20), team: Id.nullable().optional(), teams: z.array(Id).max(50).optional(), supervisor: Id.nullable().optional(), capability: Capability.optional(),
})
const ById = z.strictObject({ id: Id })
const Team = z.strictObject({ name: z.string().min(1).max(80), parent: Id.nullable().optional(), head: Id.nullable().optional() })
const ApiKey = z.object({ id: z.number(), name: z.string(), prefix: z.string(), scopes: z.array(Scope), member: z.number(), createdAt: Instant, lastUsedAt: Instant.nullable(), revokedAt: Instant.nullable() })

export const members = {
  members: route('members', { auth: 'right:members', summary: { zh: '成员列表', en: 'Members' }, response: z.object({ members: z.array(MemberShape) }) }),
  member: route('member', { auth: 'right:members', summary: { zh: '一位成员', en: 'One member' }, params: ById, response: MemberShape }),
  createMember: route('createMember', { auth: 'right:members', status: 201, unrecorded: true, summary: { zh: '添加成员，得到邀请链接', en: 'Add a member; gives the invitation link' }, body: Draft, response: z.object({ member: MemberShape, link: OneTimeLink }) }),
  updateMember: route('updateMember', { auth: 'right:members', summary: { zh: '修改成员：角色、部门、上级、能力、承接上限、停用', en: 'Change a member: roles, team, supervisor, capability, capacity, suspension' }, params: ById,
    body: Draft.partial().extend({ state: z.enum(['active', 'suspended']).optional() }), response: MemberShape }),
  importMembers: route('importMembers', { auth: 'right:members', unrecorded: true, summary: { zh: '从表格导入成员：先预览每行的问题，再导入并得到邀请链接', en: 'Members from a table: preview with problems per line, then import with invitation links' },
    body: z.strictObject({ text: z.string().min(1).max(200_000), commit: z.boolean() }),
    response: z.object({ rows: z.array(z.object({ line: z.number(), name: z.string(), account: z.string(), roles: z.string(), team: z.string(), problems: z.array(z.object({ column: z.string(), message: Sentence })) })), made: z.array(z.object({ id: z.number(), name: z.string(), line: z.number(), link: OneTimeLink })) }) }),
  previewRole: route('previewRole', { auth: 'right:members', unrecorded: true, summary: { zh: '角色改成这样以后，多少成员会多出或失去什么', en: 'What a role in this form gives and takes, and from how many' },
    body: z.strictObject({ role: AnyValues }), response: z.object({ holders: z.number(), widens: z.array(Sentence), narrows: z.array(Sentence) }) }),
  scanRights: route('scanRights', { auth: 'right:members', summary: { zh: '权限体检：找出有风险的授权，并说明在哪里改', en: 'What is risky in the permissions, and where to mend it' },
    response: z.object({ members: z.number(), risks: z.array(z.object({ severity: z.enum(['high', 'medium']), kind: z.string(), message: Sentence, fixes: z.array(z.object({ kind: z.enum(['role', 'policy', 'members']), key: z.string(), label: Sentence })) })) }) }),
  previewPolicy: route('previewPolicy', { auth: 'right:members', unrecorded: true, summary: { zh: '权限策略改成这样以后：谁多出或失去什么，有什么不对', en: 'What a policy in this form gives and takes, and what is wrong with it' },
    body: z.strictObject({ key: Key, policy: AnyValues.nullable() }), response: z.object({ widens: z.array(Sentence), narrows: z.array(Sentence), findings: z.array(z.object({ kind: z.string(), field: z.string().optional(), message: Sentence })) }) }),
  viewAs: route('viewAs', { auth: 'right:members', unrecorded: true, summary: { zh: '以某位成员的视角查看（只读，记入审计）', en: 'Look as another member does (reading only, logged)' },
    body: z.strictObject({ member: Id }), response: z.object({ token: z.string(), member: z.number(), name: z.string(), expiresAt: Instant }) }),
  memberLink: route('memberLink', { auth: 'right:members', status: 201, unrecorded: true, summary: { zh: '给成员一个一次性链接（邀请或重设密码）', en: 'A one-time link for a member (invitation or new password)' }, params: ById, body: z.strictObject({ kind: z.enum(['invite', 'reset']) }), response: OneTimeLink }),
  resetTwoFactor: route('resetTwoFactor', { auth: 'right:members', summary: { zh: '重置成员的两步验证（手机丢失时）', en: 'Reset a member’s second factor (a lost phone)' }, params: ById, response: z.object({ done: z.boolean() }) }),
  teams: route('teams', { auth: 'member', summary: { zh: '部门', en: 'Teams' }, response: z.object({ teams: z.array(TeamShape) }) }),
  createTeam: route('createTeam', { auth: 'right:members', status: 201, summary: { zh: '新建部门', en: 'Create a team' }, body: Team, response: TeamShape }),
  updateTeam: route('updateTeam', { auth: 'right:members', summary: { zh: '修改部门', en: 'Change a team' }, params: ById, body: Team.partial(), response: TeamShape }),
  deleteTeam: route('deleteTeam', { auth: 'right:members', summary: { zh: '删除空部门', en: 'Delete an empty team' }, params: ById, response: Done }),
  apiKeys: route('apiKeys', { auth: 'member', summary: { zh: '我的 API 密钥', en: 'My API keys' }, response: z.object({ keys: z.array(ApiKey) }) }),
  createApiKey: route('createApiKey', { auth: 'member', status: 201, unrecorded: true, summary: { zh: '新建 API 密钥，只显示一次', en: 'Create an API key; shown once' }, body: z.strictObject({ name: z.string().min(1).max(80), scopes: z.array(Scope).min(1) }), response: z.object({ id: z.number(), key: z.string() }) }),
  revokeApiKey: route('revokeApiKey', { auth: 'member', summary: { zh: '停用 API 密钥', en: 'Revoke an API key' }, params: ById, response: Done }),
}
