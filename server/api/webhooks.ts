import type { Context } from '#kernel/access'
import { changeSigningKey, destinationsOf, signingKeys } from '#kernel/delivery'
import { logEdit } from '#kernel/members'
import { actionsIn } from '#language/definitions'
import { iso } from './presenting.ts'
import type { Some } from './types.ts'

/** Where rules post to, and the key with which receivers know us. Looking at the key is in the log as changing it is. */
export const webhooks: Some<'webhooks' | 'showSigningKey' | 'changeSigningKey'> = {
  webhooks: async (ctx) => ({ key: await standing(ctx), destinations: await destinations(ctx) }),
  showSigningKey: async (ctx) => {
    const [key, previous] = await signingKeys(ctx.tx)
    await logEdit(ctx, 'signing_key', key!.number, 'changed', { shown: [null, ctx.now.toISOString()] })
    return { key: key!.key, previous: previous?.key ?? null }
  },
  changeSigningKey: async (ctx, _input, { signedIn }) => {
    const number = await changeSigningKey(ctx.tx, signedIn!.member)
    await logEdit(ctx, 'signing_key', number, 'created', { number: [null, number] })
    return standing(ctx)
  },
}

async function standing({ tx }: Context) {
  const [key, previous] = await signingKeys(tx)
  return { number: key!.number, since: key!.since && iso(key!.since), previousUntil: previous?.until ? iso(previous.until) : null }
}

async function destinations({ tx, metadata }: Context) {
  const posting = [...metadata.rules.values()].flatMap((rule) => actionsIn(rule.actions).flatMap((action) => (action.do === 'webhook' ? [{ url: action.url, rule }] : [])))
  const byUrl = Map.groupBy(posting, ({ url }) => url)
  const counted = await destinationsOf(tx, posting.map(({ rule }) => rule.key), [...byUrl.keys()])
  return counted.map(({ url, waiting }) => ({ url, waiting, rules: [...new Set(byUrl.get(url)!.map(({ rule }) => rule))].map(({ key, label, state }) => ({ key, label, on: state === 'active' })) }))
}
