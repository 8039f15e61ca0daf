import { z } from 'zod'
import { Key } from '#language/definitions'
import { route } from '../route.ts'
import { Done, Id, Instant, Me } from '../shapes.ts'

/** Stands in the address to which a provider sends people back. */
const ProviderKey = z.string().regex(/^[a-z0-9]{4,24}$/)
const ByKey = z.strictObject({ key: ProviderKey })
const Settings = z.strictObject({
  name: z.string().trim().min(1).max(40), issuer: z.string().trim().min(8).max(300), clientId: z.string().trim().min(1).max(300), domains: z.array(z.string().trim().min(1).max(260)).max(50),
  /** `matched`: members only, by verified e-mail or phone. `created`: whoever comes becomes a member with `role` in `team`. */
  admits: z.enum(['matched', 'created']), role: Key.nullable(), team: Id.nullable(),
  /** Signing out here ends the provider's own session as well. */
  ends: z.boolean(), active: z.boolean(),
})
const Provider = Settings.extend({ key: ProviderKey, /** There is one; it is never shown. */ secret: z.boolean(), linked: z.number() })

export const enterprise = {
  beginEnterprise: route('beginEnterprise', { auth: 'public', unrecorded: true, summary: { zh: '用企业账号登录：去企业的登录页', en: 'Sign in with the company account: to the company’s own page' }, body: z.strictObject({ key: ProviderKey }), response: z.object({ url: z.string() }) }),
  finishEnterprise: route('finishEnterprise', { auth: 'public', unrecorded: true, summary: { zh: '从企业的登录页回来', en: 'Back from the company’s page' },
    /** `query`: what the provider put behind the address. `code`: of the second factor, when it was asked for. */
    body: z.strictObject({ key: ProviderKey, query: z.string().max(8_000), code: z.string().trim().min(1).max(40).optional() }), response: Me }),
  signInProviders: route('signInProviders', { auth: 'right:members', summary: { zh: '企业登录', en: 'Company sign-in' },
    /** `back`: the address to register with a provider, `{key}` in it to be filled. */
    response: z.object({ back: z.string(), /** Where a provider says who has left it. */ leave: z.string(), providers: z.array(Provider) }) }),
  putSignInProvider: route('putSignInProvider', { auth: 'right:members', unrecorded: true, summary: { zh: '接通或修改一种企业登录', en: 'Connect a company sign-in, or change one' }, params: ByKey,
    /** `secret` absent: as it was; null: a public client. */
    body: Settings.extend({ secret: z.string().min(1).max(500).nullable().optional() }), response: Provider.extend({ /** It can end its own sessions. */ logout: z.boolean() }) }),
  deleteSignInProvider: route('deleteSignInProvider', { auth: 'right:members', summary: { zh: '断开一种企业登录', en: 'Disconnect a company sign-in' }, params: ByKey, response: Done }),
  linkedMembers: route('linkedMembers', { auth: 'right:members', summary: { zh: '谁用过这种企业登录', en: 'Who came by it' }, params: ByKey, response: z.object({ members: z.array(z.object({ member: z.number(), name: z.string(), linkedAt: Instant })) }) }),
  unlinkMember: route('unlinkMember', { auth: 'right:members', summary: { zh: '解除成员与企业账号的对应', en: 'Part a member from their company account' }, params: ByKey.extend({ id: Id }), response: Done }),
}
