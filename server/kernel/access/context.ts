import type { AdminRight } from '#language/definitions'
import type { Tx } from '#platform/db'
import type { Actor, Cause, Context, Principal, RequestFacts } from './types.ts'

export interface ContextParts { principal: Principal; actor: Actor; cause: Cause; request?: RequestFacts | null }

/** The world of one piece of work: metadata of the transaction's epoch, its instant, and who acts because of what. */
export function contextOf(_tx: Tx, _parts: ContextParts): Promise<Context> { throw new Error('not written yet') }

/** A member acting for themselves. Refused SIGN_IN_REQUIRED when the member is not active. */
export function memberContext(_tx: Tx, _member: number, _request: RequestFacts | null = null): Promise<Context> { throw new Error('not written yet') }

/** The kernel acting for a named actor: sees and writes everything, skips no step. */
export function kernelContext(_tx: Tx, _actor: Actor, _cause: Cause): Promise<Context> { throw new Error('not written yet') }

/** Does the principal hold this administrative right? The kernel holds all. */
export function may(_ctx: Context, _right: AdminRight): boolean { throw new Error('not written yet') }
