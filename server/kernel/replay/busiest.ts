import { dayOf } from '#language/values'
import type { Busiest } from '#kernel/automation'
import type { Effect } from './effects.ts'

const SAYS: ReadonlySet<Effect['what']> = new Set(['notify', 'webhook', 'message'])

/** Counts, as a course goes on, what is said about each record on each day, and by which rules. */
export class Crowd {
  readonly #zone: string
  readonly #days = new Map<string, { messages: number; rules: Set<string> }>()

  constructor(zone: string) { this.#zone = zone }

  note({ what, record, at, rule }: Effect): void {
    if (!SAYS.has(what)) return
    const key = `${record} ${dayOf(at, this.#zone)}`
    const day = this.#days.get(key) ?? { messages: 0, rules: new Set<string>() }
    this.#days.set(key, day)
    day.messages++
    day.rules.add(rule)
  }

  /** The day about which this rule, with others, says most; null: it never speaks beside another. */
  busiest(rule: string): Busiest | null {
    let most: Busiest | null = null
    for (const { messages, rules } of this.#days.values()) if (rules.size > 1 && rules.has(rule) && messages > (most?.messages ?? 0)) most = { messages, rules: [...rules].sort() }
    return most
  }
}
