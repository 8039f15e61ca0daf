import { type Context, memberRows } from '#kernel/access'
import { bodyHash, type Practice, practiceOf, practiceWarnings, warningsOf } from '#kernel/automation'
import { type Metadata, ruleLabel } from '#kernel/metadata'
import type { Rule } from '#language/definitions'
import { isTheirs } from './team-rules.ts'
import type { Some } from './types.ts'

/** What the makers of rules should know of those that are on. */
export const lint: Some<'ruleCheckup'> = {
  ruleCheckup: async (ctx) => {
    const on = [...ctx.metadata.rules.values()].filter((rule) => rule.state === 'active' && isTheirs(ctx, rule))
    const found = await lintOf(ctx, ctx.metadata, on)
    return { rules: on.length, items: on.flatMap(({ key, label }) => { const warnings = found.get(key)!; return warnings.length > 0 ? [{ rule: key, label, warnings }] : [] }) }
  },
}

/** Only what has run as it is has shown what it does. */
function asItIs({ metadata }: Context, rule: Rule, practice: Practice): Practice {
  const published = metadata.rules.get(rule.key)
  return { ...practice, ran: practice.ran && published !== undefined && bodyHash(published).equals(bodyHash(rule)) }
}

/** By rule, what it may do as it is written and what practice says. `metadata`: with the rules switched on. */
export async function lintOf(ctx: Context, metadata: Metadata, rules: readonly Rule[]) {
  const [members, practice] = [await memberRows(ctx.tx), await practiceOf(ctx.tx, rules)]
  const name = (key: string) => ruleLabel(metadata, key) ?? { zh: key, en: key }
  return new Map(rules.map((rule) => [rule.key, [...warningsOf(metadata, members, rule.key), ...practiceWarnings(rule, asItIs(ctx, rule, practice.get(rule.key)!), name)].map(({ code, zh, en, rules: others }) => ({ code, message: { zh, en }, rules: others }))]))
}
