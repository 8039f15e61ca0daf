import type { ApprovalDraft, Decided } from '#kernel/automation'
import type { Tx } from '#platform/db'
import { chainOfRunSql } from './chains.ts'

/** Somebody's word that was really asked for. `late`: it did not come in time, also where the record was gone by then. `off`: the run went on or ended without it, at `at`; null: nobody knows when. */
export interface Asked { chain: string; rule: string; record: string; path: string; asked: readonly number[]; said: ApprovalDraft['said']; askedAt: Date; due: Date; way: 'approved' | 'refused' | 'late' | 'waiting' | 'off'; by: number | null; at: Date | null; reason: string | null }
/** A course asks. */
export interface Question { chain: string; draft: ApprovalDraft; now: Date }
/** When the run goes on, and with which word; without: too late. `unknown`: where it still waits then, nobody knows what they would have said. */
export interface Onward { at: Date; decided?: Decided; unknown?: true }

/** What was really asked for in the time, by rule, record and what the chain began with. A course takes each once. */
export class AskedInCourse {
  readonly #asked: ReadonlyMap<string, readonly Asked[]>
  readonly #used = new Set<Asked>()
  /** How often somebody's word was asked for: it is known what they really said, or it is not. */
  readonly words = { known: 0, unknown: 0 }

  constructor(asked: ReadonlyMap<string, readonly Asked[]>) { this.#asked = asked }

  /** Null: the same was never asked of the same people, or nobody knows what they would have said so late. */
  onward(question: Question): Onward | null {
    const onward = this.#known(question)
    this.words[onward ? 'known' : 'unknown']++
    return onward
  }

  /** It still waits where it is not known any more. */
  giveUp(): void {
    this.words.known--
    this.words.unknown++
  }

  #known(question: Question): Onward | null {
    const { chain, draft: { rule, record, path, asked, said, due } } = question
    const same = (this.#asked.get(keyOf({ chain, rule, record })) ?? []).filter((each) => !this.#used.has(each) && sameWords(each, { asked, said }))
    // Branches may ask the same side by side.
    const found = same.find((each) => each.path === path) ?? same[0]
    if (!found) return null
    this.#used.add(found)
    return onwardOf(found, { now: question.now, due })
  }
}

/** The engine may have asked a little later than a course does: that long the answer may be late as well. */
function onwardOf({ way, by, at, reason, askedAt, due: dueThen }: Asked, { now, due }: { now: Date; due: Date }): Onward | null {
  const behind = Math.max(0, askedAt.getTime() - now.getTime())
  const waited = due.getTime() + behind
  switch (way) {
    case 'approved': case 'refused': return at!.getTime() > waited ? { at: due } : { at: at! > now ? at! : now, decided: { way, by: by ?? 0, reason } }
    case 'waiting': return { at: due }
    // Who had not answered by then might have, given longer.
    case 'late': return waited > dueThen.getTime() + A_MOMENT ? null : { at: due }
    // Up to there nobody had answered; a course may have come there a little earlier.
    case 'off': return at === null ? null : waited <= at.getTime() ? { at: due } : { at: new Date(Math.max(at.getTime(), now.getTime()) + A_MOMENT), unknown: true }
  }
}
const A_MOMENT = 1000

const keyOf = ({ chain, rule, record }: Pick<Asked, 'chain' | 'rule' | 'record'>): string => `${chain} ${rule} ${record}`

function sameWords(a: Pick<Asked, 'asked' | 'said'>, b: Pick<Asked, 'asked' | 'said'>): boolean {
  return a.asked.length === b.asked.length && a.asked.every((member) => b.asked.includes(member) && a.said[member]?.title === b.said[member]?.title && a.said[member]?.body === b.said[member]?.body)
}

/**
 * What was called off, or let go late by somebody who looks after the rule, waits: that decision is taken over by itself. What stands in a branch is over, too,
 * when the branches have come together without it, or when the run has ended in another one.
 */
export async function askedSince(tx: Tx, from: Date): Promise<Map<string, Asked[]>> {
  const rows = await tx.query<Asked>(`select coalesce(chain.name, a.rule || ' ' || a.record) as chain,
      a.rule, a.record, a.path, a.asked, a.said, a.asked_at as "askedAt", a.due_at as due, a.decided_by as by, coalesce(a.decided_at, o.off) as at, a.reason,
      coalesce(a.state, case when w.state in ('waiting', 'held', 'cancelled', 'dismissed') or l.told then 'waiting' when l.went or w.state = 'failed' then 'late' else 'off' end) as way
    from {t}.approval a
    ${chainOfRunSql('a.run')}
    left join {t}.wait w on w.run = a.run and w.rule = a.rule and w.path = a.path
    left join lateral (select true as went, o.steps @> '[{"told": true, "do": "approve"}]' as told from {t}.run o where o.head = a.run and o.rule = a.rule and (o.steps @> jsonb_build_array(jsonb_build_object('do', 'approve', 'path', a.path, 'went', 'late'))
      or o.status = 'skipped' and o.steps @> jsonb_build_array(jsonb_build_object('do', 'wait', 'path', a.path))) limit 1) l on true
    left join lateral (select min(o.started_at) as off from {t}.run o, jsonb_array_elements(o.steps) s where o.head = a.run and o.rule = a.rule and o.started_at >= a.asked_at and (
      s->>'do' = 'parallel' and s->>'went' = 'joined' and starts_with(a.path, (s->>'path') || '.b')
      or s->>'do' = 'stop' and s->>'why' is null and s->>'path' not like '%.steps.%' or s->>'do' = 'wait' and s->>'why' in ('target_gone', 'other_team'))) o on a.state is null
    where a.asked_at >= $1 order by a.asked_at, a.id`, [from])
  return Map.groupBy(rows, keyOf)
}
