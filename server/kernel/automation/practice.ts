import { createHash } from 'node:crypto'
import { canonical } from '#kernel/metadata'
import type { Rule } from '#language/definitions'
import type { Tx } from '#platform/db'
import type { Warning } from './warnings.ts'

/** The most that was said about one record on one day, and by which rules. */
export interface Busiest { messages: number; rules: string[] }

/** More than this about one record on one day, by several rules, is worth a word. */
export const CROWDED = 5

/** What a rule does, whatever it is called: tried once, it is tried. */
export const bodyHash = ({ trigger, condition, actions, team }: Pick<Rule, 'trigger' | 'condition' | 'actions' | 'team'>): Buffer =>
  createHash('sha256').update(canonical({ trigger, condition, actions, team: team ?? null })).digest()

/** A replay of the rule has come to its end. `busiest`: what it would have said at most, with the others. */
export const noteTried = (tx: Tx, rule: Rule, { busiest, days, by }: { busiest: Busiest | null; days: number; by: number }): Promise<unknown> =>
  tx.query(`insert into {t}.tried (rule, hash, at, by, days, busiest) values ($1, $2, $3, $4, $5, $6)
    on conflict (rule, hash) do update set at = excluded.at, by = excluded.by, days = excluded.days, busiest = excluded.busiest`, [rule.key, bodyHash(rule), tx.now, by, days, JSON.stringify(busiest)])

/** By rule: has it been replayed as it is, has it ever run, and what was said about a record at most. */
export interface Practice { tried: { days: number; busiest: Busiest | null } | null; ran: boolean; sent: Busiest | null }

const WEEK_MS = 7 * 86_400_000
/** So many of the newest messages are looked at. */
const MESSAGES = 20_000

/** What practice says about these rules. Two statements. */
export async function practiceOf(tx: Tx, rules: readonly Rule[]): Promise<Map<string, Practice>> {
  const known = await tx.query<{ rule: string; days: number | null; busiest: Busiest | null; ran: boolean }>(`select w.rule, t.days, t.busiest, exists (select from {t}.run r where r.rule = w.rule) as ran
    from unnest($1::text[], $2::bytea[]) w(rule, hash) left join {t}.tried t on t.rule = w.rule and t.hash = w.hash`, [rules.map(({ key }) => key), rules.map(bodyHash)])
  const days = await tx.query<Busiest>(`select sum(n)::int as messages, array_agg(rule order by n desc, rule) as rules from (
      select record, date_trunc('day', at at time zone $3) as day, rule, count(*) as n from (select record, at, rule from {t}.notification where rule is not null and record is not null order by id desc limit ${MESSAGES}) newest where at > $1 group by 1, 2, 3) x
    group by record, day having sum(n) > $2 and count(*) > 1 order by 1 desc limit 200`, [new Date(tx.now.getTime() - WEEK_MS), CROWDED, tx.tenant.zone])
  return new Map(known.map(({ rule, days: length, busiest, ran }) => [rule, { tried: length === null ? null : { days: length, busiest }, ran, sent: days.find((day) => day.rules.includes(rule)) ?? null }]))
}

/** What practice says against a rule. Pure. */
export function practiceWarnings(rule: Pick<Rule, 'key'>, { tried, ran, sent }: Practice, name: (key: string) => { zh: string; en: string }): Warning[] {
  const untested: Warning = { code: 'untested', rules: [], zh: '还没有用过去的记录试过', en: 'Not tried on the past yet' }
  const many = sent ? crowd(rule, sent, name, { zh: '近 7 天里', en: 'In the last 7 days' }) : tried?.busiest ? crowd(rule, tried.busiest, name, { zh: `用过去 ${tried.days} 天的记录试算`, en: `Replayed on the last ${tried.days} days` }) : []
  return [...(tried || ran ? [] : [untested]), ...many]
}

function crowd({ key }: Pick<Rule, 'key'>, { messages, rules }: Busiest, name: (key: string) => { zh: string; en: string }, when: { zh: string; en: string }): Warning[] {
  if (messages <= CROWDED || rules.length < 2 || !rules.includes(key)) return []
  const others = rules.filter((each) => each !== key)
  const named = (lang: 'zh' | 'en') => others.slice(0, 3).map((each) => (lang === 'zh' ? `「${name(each).zh}」` : `“${name(each).en}”`)).join(lang === 'zh' ? '' : ', ')
  return [{ code: 'crowded', rules: others, zh: `${when.zh}，同一条记录一天最多发了 ${messages} 条提醒，一起发的还有${named('zh')}${others.length > 3 ? `等 ${others.length} 条规则` : ''}`, en: `${when.en}, one record had up to ${messages} messages on one day, together with ${named('en')}` }]
}
