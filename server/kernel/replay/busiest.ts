import { dayOf } from '#language/values'
import type { Busiest } from '#kernel/automation'
import type { Effect } from './effects.ts'

const SAYS: ReadonlySet<Effect['what']> = new Set(['notify', 'webhook', 'message'])

/** The day and record about which this rule, with others, says most; null: it never speaks beside another. */
export function busiestOf(effects: readonly Effect[], rule: string, zone: string): Busiest | null {
  const days = Map.groupBy(effects.filter(({ what }) => SAYS.has(what)), ({ record, at }) => `${record} ${dayOf(at, zone)}`)
  let most: Busiest | null = null
  for (const same of days.values()) {
    const rules = [...new Set(same.map((each) => each.rule))]
    if (rules.length > 1 && rules.includes(rule) && same.length > (most?.messages ?? 0)) most = { messages: same.length, rules: rules.sort() }
  }
  return most
}
