import type { RouteParsed, Routes } from '#contract/api'
import type { Params } from '#kernel/access'
import type { Metadata } from '#kernel/metadata'

export type AuditQuery = RouteParsed<Routes['auditFile']>['query']

/** What auditors ask for most, over all objects. Constants only. */
const ABOUT: Readonly<Record<NonNullable<AuditQuery['about']>, string>> = {
  rights: `(c.object in ('definition:role', 'definition:policy', 'system:api_key', 'system:team', 'system:sign_in_provider') or (c.object = 'system:member' and c.fields ?| array['roles', 'state', 'supervisor', 'team', 'teams', 'company_account']))`,
  configuration: `c.object like 'definition:%'`,
  taken: `c.object in ('system:export', 'system:print', 'system:tracing', 'system:copy')`,
  looked: `(c.object in ('system:signing_key', 'system:push_key', 'system:reading') or c.fields ? '$viewed')`,
  refused: `(c.object = 'system:refusal' or (c.object = 'system:session' and c.fields->'sign_in'->>1 = 'refused'))`,
  deletions: `(c.object like 'system:deletion%' or c.object in ('system:erasure', 'system:purge') or c.fields ? '$gone')`,
  signIns: `c.object = 'system:session'`,
}

/** The conditions that a question to the log makes, over change `c` and act `a`. */
export function auditWhere(query: AuditQuery, given: Params, { tags }: Pick<Metadata, 'tags'>): string[] {
  const where = ['true']
  if (query.member !== undefined) where.push(`a.actor_kind = 'member' and a.actor_ref = ${given.add(String(query.member), 'text')}`)
  if (query.object !== undefined) where.push(`c.object = ${given.add(query.object, 'text')}`)
  if (query.record !== undefined) where.push(`c.record = ${given.add(query.record, 'uuid')}`)
  if (query.field !== undefined) where.push(`c.fields ? ${given.add(query.field, 'text')}`)
  if (query.act !== undefined) where.push(`c.act = ${given.add(query.act, 'bigint')}`)
  if (query.from !== undefined) where.push(`a.at >= ${given.add(query.from, 'timestamptz')}`)
  if (query.to !== undefined) where.push(`a.at < ${given.add(query.to, 'timestamptz')}`)
  if (query.cause !== undefined) where.push(`a.cause->>'kind' = ${given.add(query.cause, 'text')}`)
  if (query.ip !== undefined) where.push(`a.ip = ${given.add(query.ip, 'text')}`)
  if (query.rule !== undefined) { const rule = given.add(query.rule, 'text'); where.push(`(a.cause->>'rule' = ${rule} or a.cause->'rules' ? ${rule})`) }
  if (query.about === 'rights') where.push(`(${ABOUT.rights} or ${retaggedSql(given.add([...tags.byId.values()].filter(({ policy }) => policy).map(({ id }) => id), 'int[]'))})`)
  else if (query.about !== undefined) where.push(ABOUT[query.about])
  return where
}

/** A tag that decides permissions came or went. */
const retaggedSql = (tags: string): string => `(c.fields ? 'tags' and exists (select from unnest(${tags}) t where ((c.fields->'tags'->0) @> to_jsonb(t)) is distinct from ((c.fields->'tags'->1) @> to_jsonb(t))))`
