import type { AdminRight } from '#language/definitions'
import { metadataOf } from '#kernel/metadata'
import type { Tx } from '#platform/db'
import { KERNEL, memberPrincipal } from './principal.ts'
import type { Actor, Cause, Context, Principal, RequestFacts } from './types.ts'

export interface ContextParts { principal: Principal; actor: Actor; cause: Cause; request?: RequestFacts | null }

/** The world of one piece of work: metadata of the transaction's epoch, its instant, and who acts because of what. */
export async function contextOf(tx: Tx, { principal, actor, cause, request = null }: ContextParts): Promise<Context> {
  return { tenant: tx.tenant, tx, now: tx.now, metadata: await metadataOf(tx), principal, actor, cause, request }
}

/** A member acting for themselves. Refused SIGN_IN_REQUIRED when the member is not active. */
export async function memberContext(tx: Tx, member: number, request: RequestFacts | null = null): Promise<Context> {
  return contextOf(tx, { principal: await memberPrincipal(tx, member), actor: { kind: 'member', id: member }, cause: { kind: 'member' }, request })
}

/** The kernel acting for a named actor: sees and writes everything, skips no step. */
export const kernelContext = (tx: Tx, actor: Actor, cause: Cause): Promise<Context> => contextOf(tx, { principal: KERNEL, actor, cause })

/** Does the principal hold this administrative right? The kernel holds all. */
export const may = ({ principal }: Context, right: AdminRight): boolean => principal.kind === 'kernel' || principal.member.rights.has(right)
