import type { Context } from '#kernel/access'
import type { Counts } from './types.ts'
import type { Reach } from './reach.ts'

/** Numbers as somebody may have typed them. */
export const endsOf = (strong: readonly string[]): string[] => strong.map((each) => each.replace(/\D/g, '').slice(-11)).filter((each) => each.length >= 8)
/** A form that was never saved says a contact point ($2, $3) of theirs, whichever record it is of. */
export const FORM_SAYS = `(vals is not null and exists (select from jsonb_path_query(jsonb_build_array(vals, more), 'strict $.** ? (@.type() == "string")') f where f #>> '{}' = any($2) or right(regexp_replace(f #>> '{}', '\\D', '', 'g'), 11) = any($3)))`

/** What other rooms keep beside the records. Answers counts, and contents of files that nothing else uses. */
export async function dropTraces({ tx }: Context, { own, about }: Reach, strong: readonly string[]): Promise<{ counts: Pick<Counts, 'submissions' | 'notices' | 'files' | 'traces'>; contents: Buffer[] }> {
  const [ids, both] = [own.map(({ id }) => id), [...own, ...about].map(({ id }) => id)]
  const n = async (text: string, values: readonly unknown[]): Promise<number> => (await tx.query(text, values)).length
  const files = await tx.query<{ sha256: Buffer }>(`delete from {t}.file f where exists (select from {t}.file_use u where u.file = f.id and u.record = any($1::uuid[])) and not exists (select from {t}.file_use u where u.file = f.id and u.record <> all($1::uuid[])) returning sha256`, [both])
  await tx.query('delete from {t}.file_use where record = any($1::uuid[])', [both])
  // Lists with a row of theirs that are kept for whoever asked for them; one that is being made is not finished.
  const lists = await tx.query<{ sha256: Buffer | null }>(`update {t}.export_job j set state = case when state = 'done' then 'gone' else 'failed' end, trouble = case when state = 'done' then trouble else 'erased' end
    where state in ('done', 'running') and exists (select from {t}.export_row r where r.export = j.no and r.record = any($1::uuid[])) returning sha256`, [ids])
  // What came in is emptied whole: nobody knows in which words a stranger's form says who somebody is.
  const submissions = await n(`update {t}.raw_intake set body = '', ip = null, agent = null where record = any($1::uuid[]) and body <> '' returning id`, [both])
  const notices = await n('delete from {t}.notification where record = any($1::uuid[]) returning id', [both])
  const visitors = `select id from {t}.visitor where record = any($1::uuid[]) or identity_value = any($2)`
  await tx.query(`update {t}.link_opening set visitor = null, record = null where record = any($1::uuid[]) or visitor in (${visitors})`, [ids, strong])
  const traces = await n(`delete from {t}.visitor_event where visitor in (${visitors}) returning id`, [ids, strong])
    + await n(`delete from {t}.visitor where record = any($1::uuid[]) or identity_value = any($2) returning id`, [ids, strong])
    + await n(`delete from {t}.identity where record = any($1::uuid[]) or value = any($2) returning kind`, [ids, strong])
    + await n(`update {t}.import_row set cells = coalesce((select jsonb_agg(''::text) from jsonb_array_elements(cells)), '[]'), reasons = null, kept = null where record = any($1::uuid[]) returning n`, [ids])
    // What was suggested goes whole, also where nobody has taken it yet: then only a contact point says whom it is about.
    + await n(`delete from {t}.suggestion s where record = any($1::uuid[]) or made = any($1::uuid[]) or exists (select from jsonb_each_text(s.fields) f where f.value = any($2) or right(regexp_replace(f.value, '\\D', '', 'g'), 11) = any($3)) returning id`, [both, strong, endsOf(strong)])
    + await n(`delete from {t}.draft where record = any($1::uuid[]) or ${FORM_SAYS} returning id`, [both, strong, endsOf(strong)])
    + await n('delete from {t}.export_row where record = any($1::uuid[]) returning n', [ids])
  await tx.query('update {t}.consent set ip = null where record = any($1::uuid[])', [ids])
  return { counts: { submissions, notices, files: files.length + lists.length, traces }, contents: [...files, ...lists].flatMap(({ sha256 }) => sha256 ?? []) }
}

/** How much would go, as far as that is known without reading the whole tenant. One statement. */
export async function countTraces({ tx }: Context, { own, about }: Reach): Promise<Pick<Counts, 'changes' | 'submissions' | 'notices' | 'files' | 'traces'>> {
  const [row] = await tx.query<Pick<Counts, 'changes' | 'submissions' | 'notices' | 'files' | 'traces'>>(`select
    (select count(*)::int from {t}.change where record = any($2::uuid[])) as changes,
    (select count(*)::int from {t}.raw_intake where record = any($2::uuid[]) and body <> '') as submissions,
    (select count(*)::int from {t}.notification where record = any($2::uuid[])) as notices,
    (select count(distinct file)::int from {t}.file_use where record = any($2::uuid[])) as files,
    (select count(*)::int from {t}.visitor_event where visitor in (select id from {t}.visitor where record = any($1::uuid[]))) + (select count(*)::int from {t}.visitor where record = any($1::uuid[]))
      + (select count(*)::int from {t}.identity where record = any($1::uuid[])) + (select count(*)::int from {t}.import_row where record = any($1::uuid[])) + (select count(*)::int from {t}.export_row where record = any($1::uuid[])) + (select count(*)::int from {t}.suggestion where record = any($2::uuid[]) or made = any($2::uuid[])) + (select count(*)::int from {t}.draft where record = any($2::uuid[])) as traces`,
  [own.map(({ id }) => id), [...own, ...about].map(({ id }) => id)])
  return row!
}
