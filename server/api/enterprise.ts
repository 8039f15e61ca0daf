import { refused } from '#contract'
import { OidcFailed } from '#channels/oidc'
import { memberContext } from '#kernel/access'
import { checkConnecting, comeBack, enter, issuerOf, linkedMembers, listProviders, memberOf, noteUnproven, providerInUse, putProvider, removeProvider, setOut, type SignInProvider, unlink } from '#kernel/members'
import { limiter, networkOf } from '#platform/http'
import { entered } from './auth.ts'
import { clearOpening, openingCookie, setOpening } from './cookies.ts'
import { originOf } from './links.ts'
import { perHouse } from './per-house.ts'
import { iso } from './presenting.ts'
import type { Call, Some } from './types.ts'

/** An office whose people all sign in at nine is not guessing: what turned out well is given back. */
const limitsOf = perHouse(() => ({ out: limiter('company account out', { points: 120, seconds: 900 }), back: limiter('company account back', { points: 120, seconds: 900 }) }))

export const enterprise: Some<'beginEnterprise' | 'finishEnterprise' | 'signInProviders' | 'putSignInProvider' | 'deleteSignInProvider' | 'linkedMembers' | 'unlinkMember'> = {
  beginEnterprise: { open: async (call, { body: { key } }) => {
    const { api, tenant, request, reply } = call
    await limitsOf(api).out.take(networkOf(call.facts.ip))
    const provider = (await api.db.read(tenant, (tx) => providerInUse(tx, { key }))) ?? refused('NOT_FOUND')
    const redirect = backOf(call, key)
    const opening = await api.db.mutate(tenant, (tx) => setOut(tx, provider.id, redirect))
    const url = await api.enterprise.setOut(provider, { ...opening, redirect }).catch((error: unknown) => failed(error, provider))
    setOpening(request, reply, opening)
    return { url }
  } },
  finishEnterprise: { open: async (call, { body }) => {
    const { api, tenant, facts } = call
    await limitsOf(api).back.take(networkOf(facts.ip))
    const state = new URLSearchParams(body.query).get('state') ?? ''
    const member = await provenMember(call, { ...body, state })
    const token = await enter(api.db, tenant, { state, member, code: body.code }, facts)
    await Promise.all([limitsOf(api).out.giveBack(networkOf(facts.ip)), limitsOf(api).back.giveBack(networkOf(facts.ip))])
    clearOpening(call.request, call.reply, state)
    return entered(call, member, token)
  } },
  signInProviders: async ({ tx }, _input, call) => ({ back: backOf(call, '{key}'), leave: `${backOf(call, '{key}')}/leave`, providers: (await listProviders(tx)).map(shown) }),
  putSignInProvider: { open: async ({ api, tenant, signedIn, facts }, { params: { key }, body }) => {
    await api.db.read(tenant, async (tx) => checkConnecting(await memberContext(tx, signedIn!.member, facts)))
    const issuer = issuerOf(body.issuer)
    const said = await api.enterprise.look(issuer).catch((error: unknown) => refusedIssuer(error, issuer))
    const provider = await api.db.mutate(tenant, async (tx) => putProvider(await memberContext(tx, signedIn!.member, facts), key, { ...body, issuer }))
    return { ...shown(provider), ...said }
  } },
  deleteSignInProvider: async (ctx, { params: { key } }) => { await removeProvider(ctx, key); return { done: true } },
  linkedMembers: async ({ tx }, { params: { key } }) => ({ members: (await linkedMembers(tx, key)).map((each) => ({ ...each, linkedAt: iso(each.linkedAt) })) }),
  unlinkMember: async (ctx, { params: { key, id } }) => { await unlink(ctx, key, id); return { done: true } },
}

/** The address to which a provider sends people back; its own for each, so that none can pass off another's answer as its own; written as browsers write it. */
const backOf = (call: Call, key: string): string => `${new URL(`${originOf(call)}${call.request.prefix}/sign-in/through/`).href}${key}`

/** Whom the provider has proven, once per opening; again only while their second factor is missing. */
async function provenMember(call: Call, { key, query, state, code }: { key: string; query: string; state: string; code?: string | undefined }): Promise<number> {
  const { api, tenant, facts, request } = call
  const opening = await api.db.mutate(tenant, (tx) => comeBack(tx, { state, browser: openingCookie(request, state), key, again: code !== undefined }))
  if (opening.member !== null) return opening.member
  const provider = (await api.db.read(tenant, (tx) => providerInUse(tx, { id: opening.provider }))) ?? refused('SIGN_IN_STALE')
  const person = await api.enterprise.comeBack(provider, { ...opening, state }, query).catch(async (error: unknown) => {
    if (error instanceof OidcFailed) await api.db.mutate(tenant, (tx) => noteUnproven(tx, { name: provider.name, reason: error.message }, facts))
    return failed(error, provider)
  })
  return memberOf(api.db, tenant, { provider: opening.provider, state, person }, facts)
}

function failed(error: unknown, { name }: { name: string }): never {
  if (!(error instanceof OidcFailed)) throw error
  return refused(error.kind === 'unproven' ? 'SIGN_IN_UNPROVEN' : 'PROVIDER_AWAY', undefined, { name })
}

function refusedIssuer(error: unknown, issuer: string): never {
  if (!(error instanceof OidcFailed)) throw error
  return refused('PROVIDER_UNUSABLE', 'issuer', { issuer, reason: error.zh, reasonEn: error.message })
}

const shown = ({ id: _, ...provider }: SignInProvider) => provider
