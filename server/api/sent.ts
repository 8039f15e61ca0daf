import type { SentShape } from '#contract/api'
import { type SentMessage, sentAbout } from '#kernel/delivery'
import { rulesTitle } from '#kernel/metadata'
import type { Beside } from '#kernel/records'
import { iso } from './presenting.ts'

export const presentSent = ({ channel, to, state, attempts, at, reason }: SentMessage): SentShape => ({ channel, to, state, attempts, at: iso(at), reason })

/** Messages to the outside about a record, for its timeline: which rule sent them, to which host, and how they stand. One statement. */
export const sentBeside: Beside = async (ctx, record, { mark, limit }) =>
  (await sentAbout(ctx.tx, record, { below: mark === null ? null : Number(mark), limit })).map((each) => ({
    at: each.madeAt, mark: String(each.id),
    item: { at: iso(each.madeAt), kind: 'sent', actor: { kind: 'rule', name: rulesTitle(ctx.metadata, [each.rule ?? ''], ctx.request?.lang ?? 'zh') }, cause: null, sent: presentSent(each) },
  }))
