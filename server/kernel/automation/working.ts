import { kernelContext, type Context } from '#kernel/access'
import type { Tx } from '#platform/db'

/** Events of one batch. */
export const BATCH = 200

/** The context in which the engine reads; each act it writes names its own rule. */
export const engineContext = (tx: Tx): Promise<Context> => kernelContext(tx, { kind: 'system', reason: 'automation' }, { kind: 'rule' })
