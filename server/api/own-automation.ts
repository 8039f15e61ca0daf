import type { OwnAnswer } from '#contract/api'
import { type Context, lensOf, lensSchema } from '#kernel/access'
import { keepBack, keptFor } from '#kernel/delivery'
import type { PublishedRule } from '#kernel/metadata'
import { ownAutomationOf, setOwnAutomation } from '#kernel/members'
import { actionsOn, type OwnAutomation } from '#language/definitions'
import { opensAt } from '#language/values'
import { iso, isoOrNull } from './presenting.ts'
import { ruleLines, ruleSentence } from './rule-sentence.ts'
import type { Some } from './types.ts'

const LOOKED_BACK_MS = 30 * 86_400_000

export const ownAutomation: Some<'ownAutomation' | 'setOwnAutomation'> = {
  ownAutomation: async (ctx, _input, { signedIn }) => present(ctx, signedIn!.member, await ownAutomationOf(ctx, signedIn!.member)),
  setOwnAutomation: async (ctx, { body }, { signedIn }) => {
    const { member } = signedIn!
    const settings = await setOwnAutomation(ctx, member, body)
    await keepBack(ctx.tx, { member, until: closedUntil(ctx, settings), paused: settings.paused })
    return present(ctx, member, settings)
  },
}

function closedUntil({ now, tenant }: Context, { slots }: OwnAutomation): Date | null {
  const opens = opensAt(now.getTime(), slots, tenant.zone)
  return opens === null || opens === now.getTime() ? null : new Date(opens)
}

async function present(ctx: Context, member: number, settings: OwnAutomation): Promise<OwnAnswer> {
  const done = new Map((await ctx.tx.query<{ rule: string; done: number; last: Date }>(DONE, [member, new Date(ctx.now.getTime() - LOOKED_BACK_MS)])).map((row) => [row.rule, row]))
  const mine = [...ctx.metadata.rules.values()].filter((rule) => (rule.state === 'active' || settings.paused.includes(rule.key)) && concerns(ctx, rule))
  const rules = await Promise.all(mine.map(async (rule) => ({
    key: rule.key, label: rule.label, group: rule.group ?? null, ...(await wordsFor(ctx, rule)), required: rule.required === true,
    done: done.get(rule.key)?.done ?? 0, last: isoOrNull(done.get(rule.key)?.last ?? null),
  })))
  const until = closedUntil(ctx, settings)
  return { settings, rules: rules.sort((a, b) => b.done - a.done || (a.key < b.key ? -1 : 1)), closedUntil: until && iso(until), kept: await keptFor(ctx.tx, member) }
}

/** Does it work on records of a kind that the reader may see? */
const concerns = (ctx: Context, { trigger, actions }: PublishedRule): boolean =>
  [trigger.object, ...actionsOn(trigger.object, actions).map(({ action: { viaObject }, object }) => viaObject ?? object)].some((object) => ctx.metadata.objects.has(object) && lensOf(ctx, object).can('read'))

/** A condition that reads what the reader may not know is left open. */
async function wordsFor(ctx: Context, rule: PublishedRule): Promise<Pick<OwnAnswer['rules'][number], 'sentence' | 'when' | 'steps'>> {
  const schema = lensSchema(ctx, rule.trigger.object)
  const [{ sentence }, lines] = await Promise.all([ruleSentence(ctx, rule, schema), ruleLines(ctx, rule, schema)])
  return { sentence: sentence ?? rule.label, ...lines }
}

/** What rules did about the records that are this member's now. */
const DONE = `select r.rule, count(*)::int as done, max(r.started_at) as last from {t}.assignment a join {t}.run r on r.record = a.record
  where a.member = $1 and a.closed_at is null and r.started_at >= $2 and r.status = 'done' group by r.rule`
