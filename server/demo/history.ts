import type { Scored } from '#kernel/assignment'
import type { Random } from './random.ts'

/** Who did it; members and teams are named by their key in the sample company. */
export type Who = { member: string } | { form: string } | { rule: string } | { system: string }

/** Values may hold `{member: key}` and `{team: key}`; everything else is as the write path takes it. */
export type DemoValues = Record<string, unknown>
export type Write =
  | { op: 'create'; object: string; id: string; values: DemoValues; tags?: string[]; owner?: string | null }
  | { op: 'update'; object: string; id: string; values?: DemoValues; owner?: string | null; addTags?: string[]; removeTags?: string[] }
  | { op: 'delete'; object: string; id: string }

/** How an owner was found; `member` of each line is the person's place in the company's list, from 1. */
export interface DemoDecision { record: string; chosen: number | null; existing: boolean; asked: { skill: string | null; region: string | null; excluding: number[] }; scored: Scored[] }
export interface Notice { to: string; kind: string; title: string; body: string | null; object: string; record: string; /** Null: a colleague's wish, not a rule's doing. */ rule: string | null }

/** One intention in the past: who, when, what it wrote. Acts of one chain of rules stand at the same instant, in their order. */
export interface Act {
  at: number
  who: Who
  /** What the act is about: two instants of one subject never melt together. */
  subject: string
  imported?: boolean
  reason?: string
  ip?: string
  writes: Write[]
  decision?: DemoDecision
  notices?: Notice[]
}

/** Collects what happened. */
export class Chronicle {
  readonly acts: Act[] = []
  #order = 0
  readonly #orders = new WeakMap<Act, number>()

  note(act: Act): Act {
    this.acts.push(act)
    this.#orders.set(act, this.#order++)
    return act
  }

  /** Oldest first; what was noted first comes first within an instant. */
  inOrder(): Act[] { return this.acts.toSorted((a, b) => a.at - b.at || this.#orders.get(a)! - this.#orders.get(b)!) }
}

/** A version 7 id of the past: it sorts where its record was made. */
export function idAt(at: number, random: Random): string {
  const time = at.toString(16).padStart(12, '0')
  const noise = random.hex(18)
  const variant = (8 + (Number.parseInt(noise[0]!, 16) & 3)).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${noise.slice(0, 3)}-${variant}${noise.slice(3, 6)}-${noise.slice(6, 18)}`
}
