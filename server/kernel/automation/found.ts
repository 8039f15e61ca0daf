import type { collectParams } from '#language/conditions'
import type { Tx } from '#platform/db'
import type { TimerDraft } from './types.ts'

/** Records that are found at once; a look goes on behind them in a transaction of its own. */
export const MOST = 20_000

/** `where`: what is looked for among the living records `r` of `table`. `earliest`: a timer that is there keeps an earlier time, and what it says. */
interface Look {
  table: string
  where: string
  behind: string
  most: number
  timer: { kind: TimerDraft['kind']; object: string; name: string; /** An instant, in ISO form. */ due: string; at?: string }
  earliest?: true
}

/** Sets a timer for each record that is found, in the order of their ids: one statement. Behind which record there may be more; null: no more. */
export async function setForFound(tx: Tx, params: ReturnType<typeof collectParams>, { table, where, behind, most, timer: { kind, object, name, due, at }, earliest }: Look): Promise<string | null> {
  const text = (value: string): string => params.param(value, 'text')
  const key = text(name)
  const payload = `jsonb_build_object('object', ${text(object)}, 'record', r.id, 'name', ${key}${at === undefined ? '' : `, 'at', ${text(at)}`})`
  const dueAt = params.param(due, 'timestamptz')
  const [found] = await tx.query<{ last: string }>(`with found as materialized (select r.id, ${payload} as payload from ${table} r
      where r.id > ${params.param(behind, 'uuid')} and r.gone_act is null and (${where}) order by r.id limit ${most}),
    set as (insert into {t}.timer (key, due_at, kind, payload) select '${kind}:' || ${key} || ':' || id, ${dueAt}, '${kind}', payload from found order by id
      on conflict (key) do update set ${earliest ? 'due_at = least(timer.due_at, excluded.due_at)' : 'due_at = excluded.due_at, payload = excluded.payload'})
    select id as last from found order by id offset ${most - 1}`, params.values)
  return found?.last ?? null
}
