import { z } from 'zod'
import { route } from '../route.ts'
import { Done, Id, Instant, Me, TenantShape } from '../shapes.ts'
import { Label } from '#language/definitions'

const Account = z.string().min(1).max(200)
const Password = z.string().min(1).max(1000)
/** 128 characters at most: longer ones only cost time. Fewer than 10 are refused with PASSWORD_WEAK. */
const NewPassword = z.string().min(1).max(128)
/** Six digits of the app, or a recovery code. */
const Code = z.string().trim().min(1).max(40)
const Token = z.string().min(20).max(200)
const Device = z.object({ id: z.string(), current: z.boolean(), createdAt: Instant, seenAt: Instant, ip: z.string().nullable(), agent: z.string().nullable() })

export const auth = {
  authState: route('authState', { auth: 'public', summary: { zh: '登录页需要知道的一切', en: 'What the sign-in page needs to know' },
    response: z.object({ tenant: TenantShape.nullable(), setUp: z.boolean(), signedIn: z.boolean(), mail: z.boolean(), demo: z.boolean(), testClock: z.boolean(),
      /** Where members sign in with the company's account. */
      providers: z.array(z.object({ key: z.string(), name: z.string() })), solutions: z.array(z.object({ key: z.string(), label: Label, sample: z.boolean() })) }) }),
  signIn: route('signIn', { auth: 'public', unrecorded: true, summary: { zh: '用邮箱或手机号登录', en: 'Sign in by e-mail or phone' }, body: z.strictObject({ account: Account, password: Password, code: Code.optional() }), response: Me }),
  signOut: route('signOut', { auth: 'member', unrecorded: true, summary: { zh: '退出登录', en: 'Sign out' },
    /** `leave`: where the provider's own session is ended, for the browser to go to next; null: nowhere. */
    response: Done.extend({ leave: z.string().nullable() }) }),
  me: route('me', { auth: 'member', summary: { zh: '我是谁', en: 'Who I am' }, response: Me }),
  updateMe: route('updateMe', { auth: 'member', summary: { zh: '修改我的资料', en: 'Change my particulars' }, body: z.strictObject({ name: z.string().min(1).max(80).optional(), email: z.email().max(200).optional(), phone: z.string().max(40).optional() }), response: Me }),
  devices: route('devices', { auth: 'member', summary: { zh: '已登录的设备', en: 'Signed-in devices' }, response: z.object({ devices: z.array(Device) }) }),
  revokeDevice: route('revokeDevice', { auth: 'member', summary: { zh: '让一台设备退出', en: 'Sign a device out' }, params: z.strictObject({ id: z.string().max(64) }), response: Done }),
  revokeOtherDevices: route('revokeOtherDevices', { auth: 'member', unrecorded: true, summary: { zh: '让其他设备全部退出', en: 'Sign all other devices out' }, response: Done }),
  changePassword: route('changePassword', { auth: 'member', unrecorded: true, summary: { zh: '修改密码', en: 'Change the password' }, body: z.strictObject({ current: Password, next: NewPassword }), response: Done }),
  twoFactor: route('twoFactor', { auth: 'member', summary: { zh: '我的两步验证', en: 'My second factor' }, response: z.object({ on: z.boolean(), since: Instant.nullable(), needed: z.boolean(), recoveryLeft: z.number() }) }),
  beginTwoFactor: route('beginTwoFactor', { auth: 'member', unrecorded: true, summary: { zh: '开始设置两步验证', en: 'Begin to set up a second factor' }, body: z.strictObject({ password: Password.optional() }), response: z.object({ secret: z.string(), uri: z.string() }) }),
  confirmTwoFactor: route('confirmTwoFactor', { auth: 'member', unrecorded: true, summary: { zh: '输入验证码，两步验证生效', en: 'Enter a code: the second factor is in force' }, body: z.strictObject({ code: Code }), response: z.object({ recovery: z.array(z.string()) }) }),
  renewRecovery: route('renewRecovery', { auth: 'member', unrecorded: true, summary: { zh: '重新生成恢复码', en: 'New recovery codes' }, body: z.strictObject({ code: Code }), response: z.object({ recovery: z.array(z.string()) }) }),
  endTwoFactor: route('endTwoFactor', { auth: 'member', unrecorded: true, summary: { zh: '关闭两步验证', en: 'Switch the second factor off' }, body: z.strictObject({ password: Password.optional(), code: Code }), response: Done }),
  forgot: route('forgot', { auth: 'public', unrecorded: true, summary: { zh: '忘记密码', en: 'Forgotten password' }, body: z.strictObject({ account: Account }),
    /** The same answer whether or not the account exists; `mail` false: ask the administrator for a link. */
    response: z.object({ mail: z.boolean() }) }),
  link: route('link', { auth: 'public', unrecorded: true, summary: { zh: '查看一次性链接', en: 'Look at a one-time link' }, body: z.strictObject({ token: Token }),
    response: z.object({ kind: z.enum(['setup', 'invite', 'reset']), expiresAt: Instant, member: z.object({ name: z.string(), email: z.string().nullable(), phone: z.string().nullable() }).nullable() }) }),
  reset: route('reset', { auth: 'public', unrecorded: true, summary: { zh: '用一次性链接重设密码', en: 'Set a new password by one-time link' }, body: z.strictObject({ token: Token, password: NewPassword, code: Code.optional() }), response: Me }),
  acceptInvite: route('acceptInvite', { auth: 'public', unrecorded: true, summary: { zh: '接受邀请', en: 'Accept an invitation' }, body: z.strictObject({ token: Token, password: NewPassword, name: z.string().min(1).max(80).optional() }), response: Me }),
  setup: route('setup', { auth: 'public', unrecorded: true, summary: { zh: '首次设置：公司、管理员、方案', en: 'First set-up: company, administrator, solution' },
    body: z.strictObject({ token: Token, company: z.string().min(1).max(80), zone: z.string().max(60).optional(), administrator: z.strictObject({ name: z.string().min(1).max(80), email: z.email().max(200), phone: z.string().max(40).optional(), password: NewPassword }), solution: z.string().max(40) }), response: Me }),
  demoCards: route('demoCards', { auth: 'public', loopback: true, summary: { zh: '演示角色卡片（仅演示数据、仅本机）', en: 'Demo role cards (demo data and loopback only)' },
    /** `lan`: where a phone in the same network finds the public forms. */
    response: z.object({ lan: z.string().nullable(), cards: z.array(z.object({ member: z.number(), name: z.string(), avatar: z.string(), job: z.string().nullable(), team: z.string().nullable(), role: z.string(), roleLabel: Label })) }) }),
  demoSignIn: route('demoSignIn', { auth: 'public', loopback: true, unrecorded: true, summary: { zh: '以演示角色登录或切换', en: 'Sign in as, or switch to, a demo role' }, body: z.strictObject({ member: Id }), response: Me }),
  demoReset: route('demoReset', { auth: 'public', loopback: true, unrecorded: true, summary: { zh: '重置演示', en: 'Reset the demo' }, response: Done }),
}
