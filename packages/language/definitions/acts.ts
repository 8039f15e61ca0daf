import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'

const Literal = z.union([z.string().max(2000), z.number(), z.boolean(), z.null()])

/** Something that people do with records of one object by one press: release, mark, close. It asks for a reason and writes what it says. */
export const RecordAct = z.strictObject({
  key: Key,
  label: Label,
  object: Key,
  /** Offered while this holds; absent: always. */
  when: Condition.optional(),
  /** Which right on the record it takes; the rest is done on the member's behalf. */
  right: z.enum(['edit', 'transfer', 'delete']),
  /** Words kept in the log with the act. */
  reason: z.enum(['none', 'optional', 'required']),
  /** A choice that is asked for and kept on the record: why, by options. */
  ask: Key.optional(),
  /** What is written, by field; null empties. */
  set: z.record(Key, Literal),
  /** The record is left without an owner. */
  release: z.boolean().optional(),
  danger: z.boolean().optional(),
  order: z.number().int(),
})
export type RecordAct = z.infer<typeof RecordAct>

/** One record becomes others, in one act: what is carried over, to what, and how twins are found. */
export const Conversion = z.strictObject({
  key: Key,
  label: Label,
  /** The object whose records are converted. */
  object: Key,
  when: Condition.optional(),
  /** Written on the source. */
  set: z.record(Key, Literal),
  /** The source is locked afterwards. */
  lock: z.boolean(),
  /** Tags of the source stay where they are; absent: they go along. */
  keepTags: z.boolean().optional(),
  /** In this order: a later one may point to an earlier one. */
  targets: z.array(z.strictObject({
    object: Key,
    /** Field of the source that points to what came of it. */
    into: Key,
    optional: z.boolean().optional(),
    fields: z.array(z.strictObject({ from: Key, to: Key })).max(60),
    constants: z.record(Key, Literal).optional(),
    /** References of the target: to the source, or to another target by its `into`. */
    links: z.array(z.strictObject({ to: Key, target: Key.optional() })).max(6),
    /** Asked for though nothing is carried over to them. */
    ask: z.array(Key).max(12),
    /** A record that has one of these in common may be the same. */
    match: z.array(z.strictObject({ from: Key, field: Key })).max(6),
    /** Rows of the source that are copied to rows of the target: `from` and `to` are their objects. */
    lines: z.array(z.strictObject({ from: Key, to: Key, fields: z.array(z.strictObject({ from: Key, to: Key })).min(1).max(30) })).max(3).optional(),
  })).min(1).max(6),
})
export type Conversion = z.infer<typeof Conversion>
