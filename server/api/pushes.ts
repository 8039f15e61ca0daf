import { refused } from '#contract'
import { type Context, lensOf } from '#kernel/access'
import { changePushKey, pushesTo, pushKeys } from '#kernel/intake'
import { logEdit } from '#kernel/members'
import type { PublishedRule } from '#kernel/metadata'
import type { Trigger } from '#language/definitions'
import { iso } from './presenting.ts'
import { byIds } from './related.ts'
import type { Some } from './types.ts'

const SHOWN = 30

/** What came to the address of a rule, and the key by which its senders are known. Looking at the key is in the log as changing it is. */
export const pushes: Some<'pushes' | 'showPushKey' | 'changePushKey'> = {
  pushes: async (ctx, { params: { rule: key } }) => {
    const { trigger } = pushedRule(ctx, key)
    const rows = await pushesTo(ctx.tx, key, SHOWN)
    const records = await byIds(ctx, trigger.object, [...new Set(rows.flatMap(({ record }) => record ?? []))])
    const shows = seesAll(ctx, trigger)
    return {
      key: await standing(ctx, key),
      items: rows.map(({ id, at, status, reason, body, record, ip }) => ({ id, at: iso(at), status: status === 'accepted' ? ('accepted' as const) : ('refused' as const), reason, ip, body: shows ? body : null, record: records.find((each) => each.id === record) ?? null })),
    }
  },
  showPushKey: async (ctx, { params: { rule } }) => {
    pushedRule(ctx, rule)
    const [key, previous] = await pushKeys(ctx.tx, rule)
    await logEdit(ctx, 'push_key', key!.number, 'changed', { rule: [null, rule], shown: [null, ctx.now.toISOString()] })
    return { key: key!.key, previous: previous?.key ?? null }
  },
  changePushKey: async (ctx, { params: { rule } }, { signedIn }) => {
    pushedRule(ctx, rule)
    const number = await changePushKey(ctx.tx, rule, signedIn!.member)
    await logEdit(ctx, 'push_key', number, 'created', { rule: [null, rule], number: [null, number] })
    return standing(ctx, rule)
  },
}

type Pushed = PublishedRule & { trigger: Extract<Trigger, { on: 'pushed' }> }
function pushedRule({ metadata }: Context, key: string): Pushed {
  const rule = metadata.rules.get(key)
  return rule?.trigger.on === 'pushed' ? (rule as Pushed) : refused('NOT_FOUND')
}

/** A body cannot be shown in parts. */
function seesAll(ctx: Context, { object, match, values }: Pushed['trigger']): boolean {
  const lens = lensOf(ctx, object)
  return lens.can('read') && [match.field, ...values.flatMap(({ field }) => field ?? [])].every((key) => key === 'id' || lens.field(key)?.read === 'full')
}

async function standing({ tx }: Context, rule: string) {
  const [key, previous] = await pushKeys(tx, rule)
  return { number: key!.number, since: key!.since && iso(key!.since), previousUntil: previous?.until ? iso(previous.until) : null }
}
