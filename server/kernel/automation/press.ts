import type { Context } from '#kernel/access'

/**
 * Somebody has pressed the button of a rule for these records: each becomes an instant that has come, answered as such, with who it was in the cause.
 * Pressed again before the engine comes to it, it is answered once. One statement; whether they may is the caller's to know.
 */
export async function pressFor({ tx, principal }: Context, { rule, object, ids }: { rule: string; object: string; ids: readonly string[] }): Promise<void> {
  if (ids.length === 0) return
  const by = principal.kind === 'member' ? principal.member.id : null
  await tx.query(`insert into {t}.timer (key, due_at, kind, payload)
    select 'pressed:' || $1::text || ':' || id, $2, 'pressed', jsonb_strip_nulls(jsonb_build_object('object', $3::text, 'record', id, 'name', $1::text, 'by', $5::int)) from unnest($4::uuid[]) id order by id
    on conflict (key) do nothing`, [rule, tx.now, object, ids, by], { name: 'press' })
}
