import type { Tx } from '#platform/db'
import type { MemberFacts, Principal } from './types.ts'

/** The rights of the kernel itself: rules, intake and system work carry it explicitly, with a named actor. */
export const KERNEL: Principal = { kind: 'kernel' }

/** What the kernel needs of a member; `team` is the main one. */
export interface MemberRow { id: number; name: string; roles: readonly string[]; team: number | null; teams: readonly number[]; supervisor: number | null; active: boolean }

/**
 * Every member of the tenant, by id. Cached per epoch, one statement per epoch and process:
 * whoever changes a member's roles, team, supervisor, name or state raises the epoch in the same transaction.
 */
export function memberRows(_tx: Tx): Promise<ReadonlyMap<number, MemberRow>> { throw new Error('not written yet') }
export function memberRow(_tx: Tx, _id: number): Promise<MemberRow | undefined> { throw new Error('not written yet') }

/** The rights of an active member. Refused SIGN_IN_REQUIRED when there is none. No statement once the epoch is cached. */
export function memberPrincipal(_tx: Tx, _id: number): Promise<Extract<Principal, { kind: 'member' }>> { throw new Error('not written yet') }
export function memberFacts(_tx: Tx, _id: number): Promise<MemberFacts | undefined> { throw new Error('not written yet') }
