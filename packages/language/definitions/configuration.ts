import { z } from 'zod'
import { DEFINITION_KINDS, type DefinitionKind } from './kinds.ts'

/** What a file of what is configured says of itself; a newer one is not read by an older product. */
export const CONFIGURATION_FORMAT = 'nextmove-configuration'
/** 2: says of members by which mark they are known again, and carries what they made and shared. */
export const CONFIGURATION_VERSION = 2

/** What may be chosen apart when what is configured is carried elsewhere, and the kinds that go with it. */
export const CONFIGURATION_PARTS = {
  data: ['dictionary', 'object', 'tag', 'layout', 'recordAct', 'conversion'],
  automation: ['grading', 'assignmentPolicy', 'rule', 'pooling'],
  rights: ['role', 'policy', 'accessMode'],
  views: ['view'],
  dashboards: ['dashboard'],
  forms: ['form'],
  papers: ['print', 'letterhead'],
  calendar: ['calendar'],
} as const satisfies Record<string, readonly DefinitionKind[]>
export type ConfigurationPart = keyof typeof CONFIGURATION_PARTS
export const CONFIGURATION_PART_KEYS = Object.keys(CONFIGURATION_PARTS) as readonly ConfigurationPart[]

const Kind = z.enum(Object.keys(DEFINITION_KINDS) as [DefinitionKind, ...DefinitionKind[]])
const Ref = z.number().int().positive()

/**
 * What a workspace has configured, as a file: no records, no secrets, no numbers that mean something there only.
 * In its definitions members and teams are numbered in the order in which they come up; `people` says who is meant.
 */
export const ConfigurationFile = z.strictObject({
  format: z.literal(CONFIGURATION_FORMAT),
  version: z.int().min(1).max(CONFIGURATION_VERSION),
  from: z.strictObject({ workspace: z.string().max(80), name: z.string().max(200), at: z.iso.datetime(), by: z.string().max(200) }),
  people: z.strictObject({
    members: z.array(z.strictObject({ ref: Ref, name: z.string().max(200), roles: z.array(z.string().max(60)).max(50), mark: z.string().regex(/^[0-9a-f]{32}$/).optional() })).max(5_000),
    teams: z.array(z.strictObject({ ref: Ref, name: z.string().max(200) })).max(5_000),
  }),
  /** Of rules: those that are on, and those that are held; all others are templates. */
  states: z.strictObject({ active: z.array(z.string().max(80)), paused: z.array(z.string().max(80)) }),
  /** By kind; a kind that stands here is here whole. Bodies are read when they are published. */
  definitions: z.partialRecord(Kind, z.array(z.looseObject({ key: z.string().min(1).max(80) })).max(5_000)),
  /** By `kind:key`, what came from a solution: which, and how it had it where it has been changed since. */
  lineage: z.record(z.string().max(140), z.strictObject({ solution: z.string().max(80), base: z.unknown().optional() })),
  /** Of all this but `from` and `people`: sha256 (hex) of its canonical form. */
  digest: z.string().length(64),
})
export type ConfigurationFile = z.infer<typeof ConfigurationFile>

/** Stands in the place of what only its sender should know: part of an address that a rule sends to. */
export const SECRET_LEFT_OUT = '__SECRET__'
