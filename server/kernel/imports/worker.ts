import { Refused } from '#contract'
import { isAway, isRetryable, type Database, type Tenant } from '#platform/db'
import { BATCH, checkBatch, importerContext, runBatch, setAside } from './carry.ts'
import type { Earlier } from './plan.ts'
import { forgetOutcomes, setState, takeActive } from './store.ts'
import { tellDone } from './tell.ts'
import type { Import } from './types.ts'
import { undoBatch } from './undo.ts'

/** One process's hands: what it remembers of trial runs under way, and where it goes row by row because a batch has failed. */
export interface Hands { id: string; trials: Map<string, Earlier>; careful: Map<string, number> }
export const openHands = (): Hands => ({ id: crypto.randomUUID(), trials: new Map(), careful: new Map() })

/**
 * One batch of one import of this tenant, in one transaction; false: nothing waits. Whatever ends the process, the next one goes on behind the last
 * batch that was committed; a trial run, which leaves nothing, begins again. Rethrows only the database's own trouble.
 */
export async function carryImports(db: Database, tenant: Tenant, hands: Hands): Promise<boolean> {
  let at: Import | undefined
  try {
    return await db.mutate(tenant, async (tx) => {
      at = await takeActive(tx, hands.id)
      if (at) await STEPS[at.state as keyof typeof STEPS](tx, at, hands)
      return at !== undefined
    })
  } catch (error) {
    if (!at || isAway(error) || isRetryable(error)) throw error
    await recover(db, tenant, { at, hands, error })
    return true
  }
}

type Step = (tx: Parameters<Parameters<Database['mutate']>[1]>[0], at: Import, hands: Hands) => Promise<unknown>

const STEPS: Readonly<Record<'checking' | 'running' | 'undoing', Step>> = {
  checking: async (tx, given, hands) => {
    const at = await fromTheBeginning(tx, given, hands)
    const earlier = hands.trials.get(at.id)!
    if ((await checkBatch(await importerContext(tx, at), at, earlier)) > 0) return
    hands.trials.delete(at.id)
    await setState(tx, at.id, 'checked')
  },
  running: async (tx, at, hands) => {
    const limit = (hands.careful.get(at.id) ?? 0) > at.reached ? 1 : BATCH
    if ((await runBatch(await importerContext(tx, at), at, limit)) > 0) return
    hands.careful.delete(at.id)
    await setState(tx, at.id, 'done', { ended: true })
    await tellDone(tx, at)
  },
  undoing: async (tx, at) => {
    if (!(await undoBatch(tx, at))) await setState(tx, at.id, 'undone')
  },
}

/** What earlier rows came to is only known to whoever went through them. */
async function fromTheBeginning(tx: Parameters<Step>[0], at: Import, { trials }: Hands): Promise<Import> {
  if (trials.has(at.id) && at.handled > 0) return at
  trials.set(at.id, { keys: new Map(), ids: new Set() })
  if (at.handled === 0) return at
  await forgetOutcomes(tx, at.id)
  await tx.query('update {t}.import set reached = 0, handled = 0, created = 0, updated = 0, skipped = 0, refused = 0 where id = $1', [at.id])
  return { ...at, reached: 0, handled: 0, created: 0, updated: 0, skipped: 0, refused: 0 }
}

/** A batch that fails is gone through row by row; a row that fails alone is set aside. An importer who may not act any more ends it. */
async function recover(db: Database, tenant: Tenant, { at, hands, error }: { at: Import; hands: Hands; error: unknown }): Promise<void> {
  const code = error instanceof Refused ? error.refusal.code : null
  if (at.state !== 'running' || code === 'SIGN_IN_REQUIRED') return db.mutate(tenant, (tx) => setState(tx, at.id, at.state === 'undoing' || at.state === 'running' ? 'failed' : 'draft', { ended: at.state === 'running', trouble: code ?? String((error as Error).message).slice(0, 200) }))
  if ((hands.careful.get(at.id) ?? 0) <= at.reached) { hands.careful.set(at.id, at.reached + BATCH); return }
  await db.mutate(tenant, async (tx) => {
    const again = await takeActive(tx, hands.id)
    if (again?.id === at.id && again.reached === at.reached) await setAside(await importerContext(tx, again), again, error)
  })
}
