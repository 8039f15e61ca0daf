import type { Context } from '#kernel/access'
import type { ActDraft, Appended, ChangeDraft } from './types.ts'

/** Ids for acts whose number must stand in rows before the changes are appended; hand them to appendChanges. One statement. */
export function openActs(_ctx: Context, _count: number): Promise<number[]> { throw new Error('not written yet') }

/**
 * Write acts and their changes with everything that hangs on them (unsealed, timeline, todo). One statement, in the order given.
 * An act that no change names is written only when `ids` names it (its number already stands in a row). Answers one entry per change.
 */
export function appendChanges(_ctx: Context, _acts: readonly ActDraft[], _changes: readonly ChangeDraft[], _ids?: readonly number[]): Promise<Appended[]> { throw new Error('not written yet') }
