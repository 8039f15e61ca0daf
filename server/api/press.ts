import { refused } from '#contract'
import { type Context, lensOf } from '#kernel/access'
import { explainRule, pressFor } from '#kernel/automation'
import type { PublishedRule } from '#kernel/metadata'
import { getRecords, type RecordView } from '#kernel/records'

/** Rules that are on and whose button this member may press somewhere. */
export function pressable(ctx: Context): PublishedRule[] {
  const roles = ctx.principal.kind === 'member' ? ctx.principal.member.roles : []
  const mine = ({ trigger }: PublishedRule) => trigger.on === 'pressed' && (trigger.roles === undefined || trigger.roles.some((role) => roles.includes(role)))
  return [...ctx.metadata.rules.values()].filter((rule) => rule.state === 'active' && mine(rule) && lensOf(ctx, rule.trigger.object).can('edit')).sort((a, b) => a.priority - b.priority || (a.key < b.key ? -1 : 1))
}

/** Those that this record meets the condition of now. */
export async function offeredRules(ctx: Context, { object, id, can }: RecordView): Promise<string[]> {
  const offered: string[] = []
  if (can.edit) for (const { key, trigger } of pressable(ctx)) if (trigger.object === object && (await meets(ctx, { object, id }, key))) offered.push(key)
  return offered
}

const meets = async (ctx: Context, record: { object: string; id: string }, key: string): Promise<boolean> => (await explainRule(ctx, record, key)).verdict?.verdict === true

/** Answers how many the rule is at work on, and how many were left out: not seen, not to be changed. Whether its condition holds is for the engine to say. */
export async function press(ctx: Context, key: string, ids: readonly string[]): Promise<{ pressed: number; refused: number }> {
  const rule = pressable(ctx).find((each) => each.key === key) ?? refused('NOT_FOUND')
  const { object } = rule.trigger
  const mine = (await getRecords(ctx, object, ids, [])).filter(({ can }) => can.edit).map(({ id }) => id)
  await pressFor(ctx, { rule: key, object, ids: mine })
  return { pressed: mine.length, refused: ids.length - mine.length }
}
