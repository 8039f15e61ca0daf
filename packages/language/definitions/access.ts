import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'

/** Whose rows an action reaches: own (and as collaborator), own team, own team and those below, every row, none. */
export const Scope = z.enum(['none', 'own', 'team', 'teamTree', 'all'])
export type Scope = z.infer<typeof Scope>
export const OBJECT_ACTIONS = ['read', 'create', 'edit', 'delete', 'export', 'transfer', 'unlock', 'import'] as const
export type ObjectAction = (typeof OBJECT_ACTIONS)[number]

/** What a role may configure or inspect beyond records. */
export const ADMIN_RIGHTS = ['definitions', 'members', 'rules', 'assignment', 'forms', 'intake', 'audit', 'settings', 'personal', 'tags', 'restore'] as const
/** Building rules for one's own departments, within one's own rights: no part of administering the whole. */
export const TEAM_RIGHTS = ['teamRules'] as const
export const AdminRight = z.enum([...ADMIN_RIGHTS, ...TEAM_RIGHTS])
export type AdminRight = z.infer<typeof AdminRight>
/** Whoever holds all of these decides over policies, and so over the tags that policies read: `tags` alone is the right to write those, `restore` to take others' acts back. */
export const FULL_RIGHTS: readonly AdminRight[] = ADMIN_RIGHTS.filter((right) => right !== 'tags' && right !== 'personal' && right !== 'restore')

/**
 * How much of a value is read, least first: nothing; that there is one (a fixed word, ★); its last four characters; of an
 * address what follows the @; of a day its year; of a number its first digit and its size; all of it.
 */
export const READ_STATES = ['hidden', 'constant', 'star', 'last4', 'domain', 'year', 'leading', 'full'] as const
export const ReadState = z.enum(READ_STATES)
export type ReadState = z.infer<typeof ReadState>
export type MaskState = Exclude<ReadState, 'hidden' | 'full'>

const TEXTS = ['text', 'long', 'phone', 'email', 'url', 'auto']
/** Which kinds of value a mask fits. A kind that no mask names is read in full or not at all. */
export const MASKED_KINDS: Readonly<Record<MaskState, readonly string[]>> = {
  constant: [...TEXTS, 'select'], star: [...TEXTS, 'select'], last4: TEXTS, domain: ['email', 'text'],
  year: ['date'], leading: ['decimal', 'money'],
}
export const masksOf = (kind: string): MaskState[] => (Object.keys(MASKED_KINDS) as MaskState[]).filter((mask) => MASKED_KINDS[mask].includes(kind))
export const FieldAccess = z.strictObject({ read: ReadState.optional(), write: z.boolean().optional() })

export const ObjectAccess = z.strictObject({
  read: Scope.optional(), create: Scope.optional(), edit: Scope.optional(), delete: Scope.optional(), export: Scope.optional(), transfer: Scope.optional(),
  /** Whose locked records may be edited all the same, and be locked and unlocked. */
  unlock: Scope.optional(),
  /** Whether records may be brought in from files at all (any width but none); what is brought in stays within the right to create and to edit. */
  import: Scope.optional(),
  /** What they may not write they may suggest: it is kept until somebody takes it or not. */
  suggest: z.boolean().optional(),
  /** Only these of the records in reach, whichever way they are reached; absent: all of them. */
  rows: Condition.optional(),
  /** Fields that differ from the default (readable, and writable unless read-only). */
  fields: z.record(Key, FieldAccess).optional(),
})
export type ObjectAccess = z.infer<typeof ObjectAccess>

/** Deny by default: an object that a role does not name does not exist for it. Several roles of one member add up. */
export const Role = z.strictObject({
  key: Key,
  label: Label,
  rights: z.array(AdminRight),
  objects: z.record(Key, ObjectAccess),
  /** Whoever holds it signs in with a second factor. */
  secondFactor: z.boolean().optional(),
  /** First screen after sign-in. */
  home: z.enum(['workbench', 'team', 'tasks', 'panorama']),
})
export type Role = z.infer<typeof Role>
