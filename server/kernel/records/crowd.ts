import { refuse, Refused } from '#contract'
import type { Context } from '#kernel/access'
import type { Batch } from './batch.ts'

/** How many records one member may delete in how many minutes by themselves. */
export interface DeletionLimit { records: number; minutes: number }

/** `earlier`: what this member has deleted within the limit's minutes and not brought back. One statement. */
export async function deletionRoom({ tx, actor, now }: Context): Promise<DeletionLimit & { earlier: number }> {
  const [row] = await tx.query<DeletionLimit & { earlier: number }>(ROOM, [actor.kind === 'member' ? String(actor.id) : '', now], { name: 'deletion room' })
  return row!
}

const ROOM = `select l.records, l.minutes, (select coalesce(sum(case when (c.fields->'$gone'->>1)::boolean then 1 else -1 end), 0)::int
    from {t}.act a join {t}.change c on c.act = a.id where a.actor_kind = 'member' and a.actor_ref = $1 and a.at > $2::timestamptz - l.minutes * interval '1 minute' and c.fields ? '$gone') as earlier
  from {t}.deletion_limit l`

/** A member's deletion of many waits for a second person: whoever comes here without one is refused, and nothing is deleted. */
export async function holdCrowds(batch: Batch): Promise<void> {
  const { ctx: { actor }, options } = batch
  const going = batch.wishes.filter(({ op }) => op === 'delete').length
  if (going === 0 || actor.kind !== 'member' || options.agreedBy !== undefined) return
  const { records, minutes, earlier } = await deletionRoom(batch.ctx)
  if (Math.max(0, earlier) + going > records) throw new Refused(refuse('DELETION_TOO_MANY', undefined, { records, minutes }))
}
