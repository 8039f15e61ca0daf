import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { OBJECT_ACTIONS, ReadState } from './access.ts'
import { Key, Label } from './common.ts'

/** What somebody is doing while they look or write: at a screen, carrying data out, changing many, bringing a file in, through a key, or a rule on nobody's behalf. */
export const SCENARIOS = ['screen', 'export', 'print', 'bulk', 'import', 'api', 'automation'] as const
export const Scenario = z.enum(SCENARIOS)
export type Scenario = z.infer<typeof Scenario>

/** How a member stands to a record: owns it, has it shared with them, or it belongs to one of their teams or one below. */
export const RELATIONS = ['owner', 'collaborator', 'ownerTeam'] as const
export const Relation = z.enum(RELATIONS)
export type Relation = z.infer<typeof Relation>

/** Any of these. A team stands for itself and those below it. */
export const Whom = z.strictObject({
  roles: z.array(Key).max(50).optional(),
  teams: z.array(z.number().int().positive()).max(50).optional(),
  members: z.array(z.number().int().positive()).max(200).optional(),
  relations: z.array(Relation).max(3).optional(),
})
export type Whom = z.infer<typeof Whom>

const Range = z.string().regex(/^[0-9a-fA-F.:]{2,45}\/\d{1,3}$/)

/**
 * What a record, and the circumstances, change about permissions.
 *
 * `limit` takes away whatever else gives it; `allow` gives, and any limit still takes away. Their order never matters.
 * Everything that is said must hold: whom it concerns, the record, the scenario, the time, the network.
 */
export const Policy = z.strictObject({
  key: Key,
  label: Label,
  object: Key,
  effect: z.enum(['limit', 'allow']),
  /** Kept, and without effect. */
  off: z.boolean().optional(),
  /** Absent: everybody. */
  who: Whom.optional(),
  /** Not these, even if they are among `who`. */
  except: Whom.optional(),
  /** Absent: every record. */
  when: Condition.optional(),
  scenarios: z.array(Scenario).min(1).optional(),
  time: z.enum(['working', 'off']).optional(),
  /** Addresses that requests come from. An address that is not known is outside. */
  network: z.strictObject({ ranges: z.array(Range).min(1).max(50), inside: z.boolean() }).optional(),
  /** A limit: the most that is read, and that nothing is written. An allow: at least so much is read, and that it is written. `*`: every field. */
  fields: z.record(z.union([Key, z.literal('*')]), z.strictObject({ read: ReadState.optional(), write: z.boolean().optional() })),
  actions: z.array(z.enum(OBJECT_ACTIONS)),
  /** A limit: what it hides looks empty, and nothing tells that anything is there. Whom it concerns may therefore not write these fields in any record. */
  stealth: z.boolean().optional(),
})
export type Policy = z.infer<typeof Policy>

/** Whether roles give anything, or policies alone decide. Administrative rights are held by roles either way. */
export const AccessMode = z.strictObject({ key: z.literal('standard'), label: Label, roles: z.boolean() })
/** There is one such definition at most, under this key. */
export const ACCESS_MODE = 'standard'
export type AccessMode = z.infer<typeof AccessMode>
