import { imagineBatch, programOf, type BatchAnswer, type Event } from '#kernel/automation'
import { Refused } from '#contract'
import type { Context } from '#kernel/access'
import { foretell, type RecordImage } from '#kernel/records'
import type { Tx } from '#platform/db'
import { Beyond, Unknown, type Memory } from './memory.ts'
import type { Told } from './replay.ts'
import { sameTold } from './same.ts'

/**
 * What the engine's own code decides about a batch on memory, and what its write path would log, laid beside what history tells: the deadlines that came
 * where both are the same, else null – then the past in the database has to say. Nothing but people's rights is asked of the database.
 */
export async function provedInMemory(memory: Memory, { at, events, history }: { at: Date; events: readonly Event[]; history: Told }): Promise<BatchAnswer['episodes'] | null> {
  const ctx: Context = { ...memory.ctx, now: at, tx: memoryTx(memory.ctx.tx, at) }
  memory.begin(at, madeBy(history))
  try {
    const answer = await answered(ctx, memory, events)
    if (answer.waits.length + answer.ended.length > 0 || answer.runs.some(({ status }) => status === 'loop_stopped')) return null
    const changes = await changesBy(ctx, answer, (id) => memory.image(id))
    const runs = answer.runs.map((run) => ({ ...run, act: null }))
    return changes && sameTold(history, { runs, changes }, ctx.metadata) ? answer.episodes : null
  } catch (error) {
    if (error instanceof Beyond || error instanceof Refused) return null
    throw error
  }
}

async function answered(ctx: Context, memory: Memory, events: readonly Event[]): Promise<BatchAnswer> {
  for (;;) {
    try {
      return imagineBatch(ctx, programOf(ctx.metadata), memory, { events, policies: memory.policies })
    } catch (error) {
      if (!(error instanceof Unknown)) throw error
      await memory.learn(error.member)
    }
  }
}

/** The ids of the records that rules made, by object. */
function madeBy({ changes }: Told): ReadonlyMap<string, readonly string[]> {
  const born = changes.filter(({ version }) => version === 1)
  return new Map([...Map.groupBy(born, ({ object }) => object)].map(([object, same]) => [object, same.map(({ record }) => record)]))
}

async function changesBy(ctx: Context, { acts, intents, events }: BatchAnswer, image: (id: string) => RecordImage | undefined): Promise<Told['changes'] | null> {
  if (acts.length === 0) return []
  const { actor, cause } = acts[0]!
  const foretold = await foretell({ ...ctx, metadata: programOf(ctx.metadata).answering, actor, cause }, intents(), { acts, locked: { get: image } })
  return foretold && foretold.map(({ act, object, record, recordVersion: version, fields }) => ({ event: events[act]!.seq, object, record, version, fields }))
}

/** What only locks finds nobody in its way; the key of numbers that are not compared is any key. Everything else is not in memory. */
const ANSWERS: Readonly<Record<string, readonly object[]>> = { 'lock capacity': [], secret: [{ secret: Buffer.alloc(32) }] }
function memoryTx(tx: Tx, now: Date): Tx {
  const query = <R>(text: string, _values?: readonly unknown[], options?: { name?: string }): Promise<R[]> => {
    const known = ANSWERS[options?.name ?? '']
    return known ? Promise.resolve(known as R[]) : Promise.reject(new Beyond(text))
  }
  return { ...tx, now, query }
}
