import { z } from 'zod'
import { Condition } from '../conditions/ast.ts'
import { Key, Label } from './common.ts'

/** A field of the record, or of one that it points to: `amount`, `maker.address`. */
export const FieldPath = z.string().regex(/^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?$/)
const Text = z.string().max(4000)

/** The records of `object` whose field `via` points to the printed one, as far as `filter` holds. */
const Children = { object: Key, via: Key, filter: Condition.optional() }
/** One summand: a field of the record, or a field of children added up; `minus` takes it off. */
const Term = z.union([
  z.strictObject({ field: FieldPath, minus: z.boolean().optional() }),
  z.strictObject({ ...Children, sum: Key, minus: z.boolean().optional() }),
])
export type PrintTerm = z.infer<typeof Term>

const Head = {
  name: z.string().max(120).optional(), address: z.string().max(200).optional(), taxNo: z.string().max(40).optional(), phone: z.string().max(60).optional(), bank: z.string().max(200).optional(),
  /** A picture, PNG or JPEG, as a data address. */
  logo: z.string().max(400_000).regex(/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/=]+$/).optional(),
}
/** Who we are, for every paper; there is one, `company`. An empty name is the tenant's. */
export const Letterhead = z.strictObject({ key: Key, label: Label, ...Head })
export type Letterhead = z.infer<typeof Letterhead>
export const COMPANY_LETTERHEAD = 'company'

/** What stands on the paper, from top to bottom. In texts `{{field}}`, `{{field.field}}`, `{{$company}}`, `{{$today}}`, `{{$me}}`; `:capital` writes an amount in words. */
export const PrintBlock = z.discriminatedUnion('kind', [
  /** Head of the paper: who we are. What is not said here stands in the company's letterhead. */
  z.strictObject({ kind: z.literal('company'), ...Head }),
  z.strictObject({ kind: z.literal('heading'), text: Text, level: z.union([z.literal(1), z.literal(2)]) }),
  z.strictObject({ kind: z.literal('fields'), columns: z.union([z.literal(1), z.literal(2)]), fields: z.array(z.strictObject({ field: FieldPath, label: Label.optional(), capital: z.boolean().optional() })).min(1).max(40) }),
  z.strictObject({ kind: z.literal('text'), text: Text }),
  z.strictObject({ kind: z.literal('table'), title: Label.optional(), ...Children, columns: z.array(Key).min(1).max(10), sort: z.strictObject({ field: Key, direction: z.enum(['asc', 'desc']) }).optional(), sum: z.array(Key).max(4).optional() }),
  z.strictObject({ kind: z.literal('totals'), lines: z.array(z.strictObject({ label: Label, terms: z.array(Term).min(1).max(4), capital: z.boolean().optional() })).min(1).max(10) }),
  z.strictObject({ kind: z.literal('signature'), parties: z.array(Label).min(1).max(3) }),
])
export type PrintBlock = z.infer<typeof PrintBlock>

/** A paper made of one record: what it shows, and who may print it. */
export const PrintTemplate = z.strictObject({
  key: Key,
  label: Label,
  object: Key,
  /** Name of the file; may hold placeholders. */
  title: z.string().min(1).max(120),
  blocks: z.array(PrintBlock).min(1).max(40),
  footer: z.string().max(200).optional(),
  /** Roles that print it; absent: whoever sees the record. */
  roles: z.array(Key).max(40).optional(),
  order: z.number().int(),
})
export type PrintTemplate = z.infer<typeof PrintTemplate>

/** A paper ready to be drawn, in the reader's words: every value as text, nothing the reader may not see. */
export const Paper = z.object({
  title: z.string(),
  footer: z.string(),
  parts: z.array(z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('company'), name: z.string(), lines: z.array(z.string()), logo: z.string().nullable() }),
    z.object({ kind: z.literal('heading'), text: z.string(), level: z.number() }),
    z.object({ kind: z.literal('fields'), columns: z.number(), rows: z.array(z.object({ label: z.string(), value: z.string() })) }),
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({ kind: z.literal('table'), title: z.string().nullable(), columns: z.array(z.object({ label: z.string(), right: z.boolean(), wide: z.number() })), rows: z.array(z.array(z.string())), sums: z.array(z.string()).nullable(), cut: z.boolean() }),
    z.object({ kind: z.literal('totals'), lines: z.array(z.object({ label: z.string(), value: z.string(), words: z.string().nullable() })) }),
    z.object({ kind: z.literal('signature'), parties: z.array(z.string()) }),
  ])),
})
export type Paper = z.infer<typeof Paper>
export type PaperPart = Paper['parts'][number]

const PLACEHOLDER = /\{\{\s*(\$?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)(:capital)?\s*\}\}/g

export interface Placeholder { path: string; capital: boolean }
export const placeholdersIn = (text: string): Placeholder[] => [...text.matchAll(PLACEHOLDER)].map(([, path, capital]) => ({ path: path!, capital: capital !== undefined }))
export const fillPlaceholders = (text: string, fill: (placeholder: Placeholder) => string): string => text.replace(PLACEHOLDER, (_, path: string, capital: string | undefined) => fill({ path, capital: capital !== undefined }))
/** What may stand for itself, without a field behind it. */
export const PRINT_WORDS: readonly string[] = ['$company', '$today', '$me']
