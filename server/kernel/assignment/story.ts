import type { Metadata } from '#kernel/metadata'
import type { AssignmentPolicy } from '#language/definitions'
import type { Tx } from '#platform/db'
import { scoredFrom } from './decisions.ts'
import type { PublishedPolicy, Scored } from './types.ts'

/** A decision as it was kept, and what became of it. Instants in ms. */
export interface Told {
  no: number
  record: string
  at: number
  /** Since when the record had had no owner. */
  since: number
  chosen: number | null
  /** It was given without competition, or by the fallback: no weight has a say. */
  existing: boolean
  skill: string | null
  version: number
  lines: readonly Scored[]
  /** What was chosen counted towards a load, and until when; null: it still does. */
  held: boolean
  until: number | null
  /** Nobody could take it then: when somebody had it after all. */
  later: number | null
}

/** A record came to a member by another way: by hand, from a pool, from another policy; in their order. */
export interface Came { at: number; member: number }

type Fits = Pick<AssignmentPolicy, 'skillFit' | 'regionFit' | 'excludeMissingSkill' | 'weights' | 'preferLoadBelow'>

/** What a policy decided in a time, from its kept tables and the assignments that they led to; nothing is worked out anew. */
export interface Story {
  policy: string
  object: string
  from: Date
  to: Date
  told: readonly Told[]
  came: readonly Came[]
  /** How each version of the policy weighed. */
  versions: ReadonlyMap<number, Fits>
  /** There were more than can be told at once: these are the newest. */
  cut: boolean
}

const MOST = 30_000
const DAY = 86_400_000

/** Three statements at once, whatever the length. */
export async function storyOf(tx: Tx, metadata: Metadata, { policy, days }: { policy: PublishedPolicy; days: number }): Promise<Story> {
  const { table } = metadata.objects.get(policy.object)!
  const from = new Date(tx.now.getTime() - days * DAY)
  const [rows, came, bodies] = await Promise.all([
    tx.query<Row>(toldSql(table), [policy.key, from, MOST + 1]),
    tx.query<{ at: Date; member: number }>(CAME, [policy.key, from]),
    tx.query<{ version: number; body: AssignmentPolicy }>(`select version, body from {t}.definition_version where kind = 'assignmentPolicy' and key = $1 and body is not null`, [policy.key]),
  ])
  const cut = rows.length > MOST
  return {
    policy: policy.key, object: policy.object, from: cut ? rows.at(-2)!.at : from, to: tx.now, cut, told: rows.slice(0, MOST).reverse().map(toldFrom),
    came: came.map(({ at, member }) => ({ at: at.getTime(), member })), versions: new Map([[policy.version, policy], ...bodies.map(({ version, body }) => [version, body] as const)]),
  }
}

interface Row { no: number; record: string; at: Date; since: Date; chosen: number | null; reason: string; skill: string | null; version: number; lines: string; held: boolean | null; until: Date | null; later: Date | null }

const toldFrom = ({ no, record, at, since, chosen, reason, skill, version, lines, held, until, later }: Row): Told => ({
  no, record, at: at.getTime(), since: since.getTime(), chosen, existing: reason === 'existing' || reason === 'team', skill, version, lines: lines === '' ? [] : lines.split('\n').map(scoredFrom),
  held: held === true, until: until?.getTime() ?? null, later: later?.getTime() ?? null,
})

/** Newest first, so that a long past is cut at its beginning. What is not owned waits since it came, or since it was last given back. */
const toldSql = (table: string): string => `select d.no, d.record, d.at, d.chosen, d.reason, d.policy_version as version, d.candidates->'asked'->>'skill' as skill, d.candidates->>'rows' as lines,
    h.held, h.until, n.later, least(coalesce(greatest(r.created_at, p.closed), d.at), d.at) as since
  from {t}.decision d left join ${table} r on r.id = d.record
  left join lateral (select true as held, a.closed_at as until from {t}.assignment a where a.record = d.record and a.role = 'owner' and a.member = d.chosen
    and a.opened_at <= d.at and (a.closed_at is null or a.closed_at > d.at) limit 1) h on true
  left join lateral (select min(a.opened_at) as later from {t}.assignment a where d.chosen is null and a.record = d.record and a.role = 'owner' and a.opened_at >= d.at) n on true
  left join lateral (select max(a.closed_at) as closed from {t}.assignment a where a.record = d.record and a.role = 'owner' and a.closed_at <= d.at) p on true
  where d.policy = $1 and d.at >= $2 order by d.no desc limit $3`

/** First what everybody had received last before the time began. */
const CAME = `select x.at, x.member from (
  select 0 as part, a.id, a.opened_at as at, m.id as member from {t}.member m
    cross join lateral (select id, opened_at from {t}.assignment where member = m.id and role = 'owner' and opened_at < $2 order by id desc limit 1) a
  union all select 1, a.id, a.opened_at, a.member from {t}.assignment a left join {t}.decision d on d.no = a.decision and d.policy = $1
    where a.opened_at >= $2 and a.role = 'owner' and d.no is null) x order by x.part, x.id`
