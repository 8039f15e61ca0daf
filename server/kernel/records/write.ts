import type { Context } from '#kernel/access'
import type { Intent, WriteOptions, WriteResult, Written } from './types.ts'

/**
 * Carry out a batch of intentions, all or nothing: refused = nothing written.
 *
 * Same path for one and for a thousand, for members, rules and intake; statements per batch do not depend on its size.
 * `written[i]` answers `intents[i]`. Several intents for one record are merged in order. Creates may refer to each other by ids the caller chose.
 */
export function write(_ctx: Context, _intents: readonly Intent[], _options?: WriteOptions): Promise<WriteResult> { throw new Error('not written yet') }

/** As write, throwing Refused with the first refusal (the transaction is then rolled back by mutate). */
export function writeOrRefuse(_ctx: Context, _intents: readonly Intent[], _options?: WriteOptions): Promise<Written[]> { throw new Error('not written yet') }
