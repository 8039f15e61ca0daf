import { refused } from '#contract'
import { memberRow, type Context } from '#kernel/access'
import { bumpEpoch } from '#kernel/metadata'
import { NOTHING_SETTLED, type OwnAutomation } from '#language/definitions'
import { opensAt } from '#language/values'
import { differences, lockConfiguration, logEdit } from './log.ts'

/** What a member has settled about rules for the records that are theirs. */
export async function ownAutomationOf({ tx }: Pick<Context, 'tx'>, member: number): Promise<OwnAutomation> {
  const { paused, slots } = (await memberRow(tx, member))?.own ?? NOTHING_SETTLED
  // Always in the same order, so that two of them can be compared.
  return { paused: [...paused], slots: slots.map(({ days, from, to }) => ({ days, from, to })) }
}

/**
 * Settles it anew, logged; in force with the next batch of the engine. Keys of rules that are gone are left out.
 * Refused RULE_REQUIRED for a rule that may not be paused, SLOTS_NEVER_OPEN.
 */
export async function setOwnAutomation(ctx: Context, member: number, { paused, slots }: OwnAutomation): Promise<OwnAutomation> {
  await lockConfiguration(ctx.tx)
  const before = await ownAutomationOf(ctx, member)
  const after = { paused: [...new Set(paused)].filter((key) => ctx.metadata.rules.has(key)).sort(), slots: slots.map(({ days, from, to }) => ({ days: days.toSorted((a, b) => a - b), from, to })) }
  const required = after.paused.map((key) => ctx.metadata.rules.get(key)!).find((rule) => rule.required && !before.paused.includes(rule.key))
  if (required) refused('RULE_REQUIRED', 'paused', { name: required.label.zh, nameEn: required.label.en })
  if (opensAt(ctx.now.getTime(), slots, ctx.tenant.zone) === null) refused('SLOTS_NEVER_OPEN', 'slots')
  const changed = differences({ ...before }, after)
  if (Object.keys(changed).length === 0) return before
  await ctx.tx.query(`insert into {t}.own_automation (id, paused, slots) values ($1, $2, $3) on conflict (id) do update set paused = excluded.paused, slots = excluded.slots`, [member, after.paused, JSON.stringify(after.slots)])
  await logEdit(ctx, 'own_automation', member, 'changed', changed)
  await bumpEpoch(ctx.tx)
  return after
}
