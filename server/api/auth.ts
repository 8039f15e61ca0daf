import { refused } from '#contract'
import type { Me } from '#contract/api'
import { memberContext } from '#kernel/access'
import { changePassword, createLink, devicesOf, endDevice, endSession, endSessions, isEmpty, linkOf, offeredProviders, providerInUse, reachableByMail, answerLink, signIn, updateProfile } from '#kernel/members'
import { limiter, networkOf } from '#platform/http'
import { clearSession, setSession } from './cookies.ts'
import { mailedUrl, originOf } from './links.ts'
import { perHouse } from './per-house.ts'
import { iso, presentMe, tenantShape } from './presenting.ts'
import { secondFactor } from './second-factor.ts'
import type { Call, Some } from './types.ts'

const QUARTER = 900
/** Guessing is slow by account and by network, while an office whose people all sign in at nine is not guessing; the address is the trusted proxy's word, an IPv6 customer counts as one. */
const limitsOf = perHouse(() => ({
  account: limiter('sign-in account', { points: 10, seconds: QUARTER }),
  network: limiter('sign-in network', { points: 60, seconds: QUARTER }),
  link: limiter('one-time link', { points: 30, seconds: QUARTER }),
}))

export const auth: Some<'authState' | 'signIn' | 'signOut' | 'me' | 'updateMe' | 'devices' | 'revokeDevice' | 'revokeOtherDevices' | 'changePassword' | 'twoFactor' | 'beginTwoFactor' | 'confirmTwoFactor' | 'renewRecovery' | 'endTwoFactor' | 'forgot' | 'link' | 'reset' | 'acceptInvite'> = {
  authState: { open: async ({ api, tenant, signedIn }) => {
    const empty = await isEmpty(api.db, tenant)
    const { demo, testClock } = api.settings
    const providers = empty ? [] : await api.db.read(tenant, offeredProviders)
    return { providers, tenant: empty ? null : tenantShape(tenant), setUp: !empty, signedIn: signedIn !== null, mail: api.mail !== null, demo: demo && tenant.demo, testClock: testClock && tenant.demo, solutions: empty ? api.solutions.list() : [] }
  } },
  signIn: { open: async (call, { body: { account, password, code } }) => {
    const limits = limitsOf(call.api)
    await Promise.all([limits.network.take(networkOf(call.facts.ip)), limits.account.take(accountKey(call, account))])
    const { member, token } = await signIn(call.api.db, call.tenant, { account, password, code }, call.facts)
    await Promise.all([limits.account.forget(accountKey(call, account)), limits.network.giveBack(networkOf(call.facts.ip))])
    return entered(call, member, token)
  } },
  signOut: { open: async (call) => {
    const { api, tenant, signedIn, request, reply } = call
    const through = signedIn!.session ? await api.db.mutate(tenant, (tx) => endSession(tx, signedIn!.session!)) : null
    clearSession(request, reply)
    return { done: true, leave: through && (await exitOf(call, through)) }
  } },
  me: (ctx, _input, { signedIn, request, reply }) => {
    // The cookie lives as long as the session, which every use prolongs.
    if (signedIn!.session) setSession(request, reply, signedIn!.session)
    return presentMe(ctx, signedIn!.member, signedIn!.session)
  },
  updateMe: async (ctx, { body }, { signedIn, facts }) => {
    await updateProfile(ctx, signedIn!.member, body)
    return presentMe(await memberContext(ctx.tx, signedIn!.member, facts), signedIn!.member, signedIn!.session)
  },
  devices: async ({ tx }, _input, { signedIn }) => {
    const devices = await devicesOf(tx, signedIn!.member, signedIn!.session)
    return { devices: devices.map((device) => ({ ...device, createdAt: iso(device.createdAt), seenAt: iso(device.seenAt) })) }
  },
  revokeDevice: async ({ tx }, { params }, { signedIn }) => ((await endDevice(tx, signedIn!.member, params.id)) ? { done: true } : refused('NOT_FOUND')),
  revokeOtherDevices: async ({ tx }, _input, { signedIn }) => {
    await endSessions(tx, signedIn!.member, signedIn!.session)
    return { done: true }
  },
  changePassword: { open: async ({ api, tenant, signedIn, facts }, { body }) => {
    await limitsOf(api).account.take(`${tenant.key} member ${signedIn!.member}`)
    await changePassword(api.db, tenant, signedIn!.member, { ...body, session: signedIn!.session }, facts)
    return { done: true }
  } },
  ...secondFactor,
  forgot: { open: async (call, { body: { account } }) => {
    await Promise.all([limitsOf(call.api).network.take(networkOf(call.facts.ip)), limitsOf(call.api).account.take(`forgot ${accountKey(call, account)}`)])
    // Not awaited: the answer takes the same time whether or not there is somebody to write to.
    if (call.api.mail) void sendReset(call, account).catch((err: unknown) => call.api.log.error({ err }, 'reset mail'))
    return { mail: call.api.mail !== null }
  } },
  link: { open: async ({ api, tenant, facts }, { body: { token } }) => {
    await limitsOf(api).link.take(networkOf(facts.ip))
    return api.db.read(tenant, async (tx) => {
      const { kind, member, expiresAt } = await linkOf(tx, token)
      const [who] = member === null ? [] : await tx.query<{ name: string; email: string | null; phone: string | null }>(`select name, email, phone from {t}.member where id = $1`, [member])
      return { kind, expiresAt: iso(expiresAt), member: who ?? null }
    })
  } },
  reset: { open: (call, { body }) => answered(call, body, 'reset') },
  acceptInvite: { open: (call, { body }) => answered(call, body, 'invite') },
}

const accountKey = ({ tenant, facts }: Call, account: string): string => `${tenant.key} ${account.normalize('NFKC').trim().toLowerCase().replace(/[\s-]/g, '')} ${networkOf(facts.ip)}`

async function answered(call: Call, use: { token: string; password: string; name?: string | undefined; code?: string | undefined }, kind: 'reset' | 'invite'): Promise<Me> {
  await limitsOf(call.api).link.take(networkOf(call.facts.ip))
  const { member, token } = await answerLink(call.api.db, call.tenant, use, [kind], call.facts)
  return entered(call, member, token)
}

/** Where the provider's own session ends, if it is to and the provider answers: leaving here does not wait for it. */
async function exitOf(call: Call, { provider: id, hint }: { provider: number; hint: string | null }): Promise<string | null> {
  const { api, tenant, request } = call
  const provider = await api.db.read(tenant, (tx) => providerInUse(tx, { id }))
  return provider?.ends ? api.enterprise.leave(provider, { hint, redirect: `${originOf(call)}${request.prefix}/sign-in` }).catch(() => null) : null
}

/** Signed in: the cookie goes out with the answer. */
export async function entered(call: Call, member: number, token: string): Promise<Me> {
  setSession(call.request, call.reply, token)
  return call.api.db.read(call.tenant, async (tx) => presentMe(await memberContext(tx, member, call.facts), member, token))
}

async function sendReset(call: Call, account: string): Promise<void> {
  const { db } = call.api
  const found = await db.read(call.tenant, (tx) => reachableByMail(tx, account))
  if (!found) return
  const { token } = await db.mutate(call.tenant, (tx) => createLink(tx, 'reset', found.id))
  const url = mailedUrl(call, 'reset', token)
  await call.api.mail!(call.tenant, { to: found.email, subject: '下一步：重设密码 · Reset your password', text: `${found.name}：\n\n请在 24 小时内打开下面的链接设置新密码；如非本人操作，请忽略。\nOpen this link within 24 hours to choose a new password; ignore it if it was not you.\n\n${url}\n` })
}
