import type { Context } from '#kernel/access'
import type { Label } from '#language/definitions'
import { formatClock } from '#language/values'
import type { Tx } from '#platform/db'
import { shareOf } from './score.ts'
import type { Decision, Exclusion, KeptTable, PublishedPolicy, Scored, Tried } from './types.ts'

/** Gives every decision its number; call it while the capacity lock is held. One statement, none when there is nothing to number. */
export async function numberDecisions(tx: Tx, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return
  const rows = await tx.query<{ no: number }>(`select nextval('{t}.decision_no') as no from generate_series(1, $1)`, [decisions.length], { name: 'decision_no' })
  decisions.forEach((decision, i) => { decision.no = rows[i]!.no })
}

/** Inserts the rows of parameter `$n`, which is `decisionsJson(…)`; stands in a WITH list. */
export const insertDecisions = (n: number): string => `insert into {t}.decision (no, object, record, policy, policy_version, event, at, chosen, candidates, reason)
  select no, object, record, policy, policy_version, event, at, chosen, candidates, reason
  from json_to_recordset($${n}::json) as d(no bigint, object text, record uuid, policy text, policy_version int, event bigint, at timestamptz, chosen int, candidates jsonb, reason text)`

export function decisionsJson({ metadata, now }: Pick<Context, 'metadata' | 'now'>, decisions: readonly Decision[]): string {
  return JSON.stringify(decisions.map((each) => ({
    no: each.no, object: each.object, record: each.record, policy: each.policy, policy_version: each.policyVersion, event: each.event,
    at: now, chosen: each.chosen, candidates: keptTable(each, metadata.assignmentPolicies.get(each.policy)!),
    reason: each.reason === 'pool' ? `pool:${each.pool ?? ''}` : each.reason,
  })))
}

function keptTable({ asked, scored, tried, first }: Decision, { weights, preferLoadBelow, exclusions }: PublishedPolicy): KeptTable {
  const reasons = Object.fromEntries(asked.excluding.map((n) => [`rule:${n}`, exclusions[n]!.reason]))
  return { weights, below: preferLoadBelow, asked, reasons, rows: scored.map(lineOf).join('\n'), ...(tried && { tried }), ...(first && { first: first.map(lineOf).join('\n') }) }
}

const lineOf = (s: Scored): string => `${s.member},${s.skill},${s.region},${s.open},${s.limit ?? ''},${s.total ?? ''},${s.partition},${s.excluded ?? ''}${s.completeness ? `,${s.completeness.complete}/${s.completeness.total}` : ''}`

/** One line of a kept table; `load` follows from what was held. */
export function scoredFrom(line: string): Scored {
  const [member = '', skill, region, open, limit, total, partition, excluded, filled] = line.split(',')
  const [complete, of] = (filled ?? '').split('/').map(Number)
  const [held, most] = [Number(open), numberOrNull(limit)]
  return {
    member: Number(member), skill: Number(skill), region: Number(region), load: most === null ? 1 : most === 0 ? 0 : Math.max(0, 1 - held / most),
    open: held, limit: most, total: numberOrNull(total), partition: partition === '1' ? 1 : 2, excluded: (excluded || null) as Exclusion | null,
    ...(of !== undefined && { completeness: { complete: complete!, total: of } }),
  }
}
const numberOrNull = (text: string | undefined): number | null => (text ? Number(text) : null)

/** A decision as it was taken. `candidates` in the order best first, then the excluded. */
export interface DecisionView {
  no: number
  object: string
  record: string
  policy: string
  policyVersion: number
  event: number | null
  at: Date
  chosen: number | null
  /** `competed`, `turn`, `existing`, `team` or `pool:<greater region>`. */
  reason: string
  weights: KeptTable['weights']
  asked: KeptTable['asked']
  candidates: (Scored & { reason: Label | null })[]
  /** Nobody could take it: who was kept out by what, and what was done then, in order; with reason `team` the candidates are the team's. */
  fallback: { out: Label; tried: readonly Tried[] } | null
}

/** Others had the same score as the chosen one: who, and what has decided between them. Null: there was nobody like that, or no competition. */
export function tieOf({ candidates, chosen, reason }: Pick<DecisionView, 'candidates' | 'chosen' | 'reason'>): { by: 'completeness' | 'waiting'; with: number[] } | null {
  const winner = candidates.find(({ member }) => member === chosen)
  const others = winner && reason === 'competed' ? candidates.filter(({ member, partition, total }) => member !== chosen && partition === winner.partition && total === winner.total) : []
  if (others.length === 0) return null
  const alike = others.filter(({ completeness }) => shareOf(completeness) === shareOf(winner!.completeness))
  return alike.length > 0 ? { by: 'waiting', with: alike.map(({ member }) => member) } : { by: 'completeness', with: others.map(({ member }) => member) }
}

/** The latest decision of each. One statement. */
export async function lastDecisions({ tx }: { tx: Tx }, records: readonly string[]): Promise<Map<string, DecisionView>> {
  if (records.length === 0) return new Map()
  const rows = await tx.query<DecisionRow>(`select distinct on (record) no, object, record, policy, policy_version, event, at, chosen, candidates, reason from {t}.decision where record = any($1::uuid[]) order by record, no desc`, [records])
  return new Map(rows.map((row) => [row.record, viewOf(row, tx.tenant.zone)]))
}

/** The decisions of a record, newest first. One statement. */
export async function decisionsOf(tx: Tx, record: string): Promise<DecisionView[]> {
  const rows = await tx.query<DecisionRow>(`select no, object, record, policy, policy_version, event, at, chosen, candidates, reason from {t}.decision where record = $1 order by no desc limit 50`, [record])
  return rows.map((row) => viewOf(row, tx.tenant.zone))
}

interface DecisionRow { no: number; object: string; record: string; policy: string; policy_version: number; event: number | null; at: Date; chosen: number | null; candidates: KeptTable; reason: string }

/** Decisions that kept nothing of it: this was done with all of them. */
const AT_FIRST: readonly Tried[] = [{ to: 'pool' }, { to: 'supervisor' }]

const linesOf = (rows: string): Scored[] => rows.split('\n').filter(Boolean).map(scoredFrom)

function viewOf({ candidates: kept, policy_version: policyVersion, ...row }: DecisionRow, zone: string): DecisionView {
  const candidates = linesOf(kept.rows).map((each) => ({ ...each, reason: each.excluded === null ? null : reasonOf(each.excluded, each, { kept: kept.reasons, at: row.at, zone }) }))
  return { ...row, policyVersion, weights: kept.weights, asked: kept.asked, candidates: candidates.sort(bestFirst(row.chosen)), fallback: kept.tried || row.reason.startsWith('pool') ? { out: outWords(linesOf(kept.first ?? kept.rows)), tried: kept.tried ?? AT_FIRST } : null }
}

/** The chosen one stood first after the ties, which the table does not repeat. */
const bestFirst = (chosen: number | null) => (a: Scored, b: Scored): number =>
  Number(b.member === chosen) - Number(a.member === chosen) || Number(a.total === null) - Number(b.total === null) || a.partition - b.partition || (b.total ?? 0) - (a.total ?? 0) || a.member - b.member

const REASONS: Record<string, (load: Pick<Scored, 'open' | 'limit'>) => Label> = {
  skill: () => ({ zh: '擅长项不符', en: 'Lacks the skill' }),
  region: () => ({ zh: '不在该区域', en: 'Outside the region' }),
  off_duty: () => ({ zh: '当时不在班', en: 'Not on duty then' }),
  no_capacity: () => ({ zh: '未设承接上限', en: 'No capacity set' }),
  full: ({ open, limit }) => ({ zh: `已满（${open}/${limit}）`, en: `Full (${open}/${limit})` }),
}

const OUT: Record<string, Label> = { off_duty: { zh: '不在班', en: 'off duty' }, away: { zh: '请假中', en: 'away' }, skill: { zh: '擅长项不符', en: 'lack the skill' }, region: { zh: '不在该区域', en: 'outside the region' }, no_capacity: { zh: '未设承接上限', en: 'no capacity set' }, full: { zh: '已满', en: 'full' } }
const BY_RULE: Label = { zh: '按规则排除', en: 'excluded by a rule' }

/** 「12 人中：已满 5 · 擅长项不符 7」 */
export function outWords(scored: readonly Scored[]): Label {
  if (scored.length === 0) return { zh: '没有可参与分配的成员', en: 'Nobody takes part' }
  const counts = [...Map.groupBy(scored, ({ excluded }) => OUT[(excluded ?? '').split(':')[0]!] ?? BY_RULE)]
  return { zh: `${scored.length} 人中：${counts.map(([{ zh }, same]) => `${zh} ${same.length}`).join(' · ')}`, en: `Of ${scored.length}: ${counts.map(([{ en }, same]) => `${same.length} ${en}`).join(' · ')}` }
}

interface Reading { kept: Record<string, Label>; at: Date; zone: string }
const reasonOf = (excluded: Exclusion, load: Pick<Scored, 'open' | 'limit'>, { kept, ...when }: Reading): Label =>
  excluded.startsWith('away:') ? awayWords(excluded.slice(5), when) : (kept[excluded] ?? REASONS[excluded]?.(load) ?? { zh: excluded, en: excluded })

function awayWords(until: string, { at, zone }: Omit<Reading, 'kept'>): Label {
  const clock = formatClock(until, at, zone)
  return { zh: `请假中，至 ${clock}`, en: `Away until ${clock}` }
}
