import { beginTwoFactor, confirmTwoFactor, endTwoFactor, renewRecovery, twoFactorOf } from '#kernel/members'
import { limiter } from '#platform/http'
import { perHouse } from './per-house.ts'
import { iso } from './presenting.ts'
import type { Call, Some } from './types.ts'

const tries = perHouse(() => limiter('second factor', { points: 20, seconds: 900 }))
const take = ({ api, tenant, signedIn }: Call): Promise<void> => tries(api).take(`${tenant.key} ${signedIn!.member}`)

export const secondFactor: Some<'twoFactor' | 'beginTwoFactor' | 'confirmTwoFactor' | 'renewRecovery' | 'endTwoFactor'> = {
  twoFactor: async ({ tx }, _input, { signedIn }) => { const { since, ...rest } = await twoFactorOf(tx, signedIn!.member); return { ...rest, since: since && iso(since) } },
  beginTwoFactor: { open: async (call, { body }) => {
    await take(call)
    return beginTwoFactor(call.api.db, call.tenant, call.signedIn!.member, { password: body.password, session: call.signedIn!.session })
  } },
  confirmTwoFactor: async (ctx, { body: { code } }, call) => {
    await take(call)
    return { recovery: await confirmTwoFactor(ctx, call.signedIn!.member, { code, session: call.signedIn!.session }) }
  },
  renewRecovery: { open: async (call, { body: { code } }) => {
    await take(call)
    return { recovery: await renewRecovery(call.api.db, call.tenant, call.signedIn!.member, { code, facts: call.facts }) }
  } },
  endTwoFactor: { open: async (call, { body }) => {
    await take(call)
    await endTwoFactor(call.api.db, call.tenant, call.signedIn!.member, { ...body, session: call.signedIn!.session, facts: call.facts })
    return { done: true }
  } },
}
