/**
 * SQL that tells by what the chain is known that began with `root`, as `chain.name`: by its first change; one that an instant began has none, and is known
 * by its rule and record. Null where nothing is kept of it.
 */
export const chainSql = (root: string): string => `cross join lateral (select coalesce(
  (select seq::text from {t}.change where seq = ${root}),
  (select replace(rule, 'grading:', '') || ' ' || record from {t}.run where event = ${root} order by rule like 'grading:%', rule limit 1)) as name) chain`

/** The same of the chain that a run belongs to which began with this event. */
export const chainOfRunSql = (run: string): string => `cross join lateral (select coalesce((select (t.cause->>'root')::bigint from {t}.change c join {t}.act t on t.id = c.act where c.seq = ${run}), ${run}) as seq) root ${chainSql('root.seq')}`
