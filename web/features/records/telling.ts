import type { FieldShape, ObjectFacts } from '../../api/catalogue.ts'
import { length } from '../../design/format.ts'
import { label } from '../../i18n/index.ts'

/** What stands on a timeline beside the name of an item. */
interface Told { field: FieldShape; value: unknown }

/** Fields that tell of it. Of an event only what tells one from another: where, how long, from which number, what was said. */
export const toldOf = (object: ObjectFacts, valueOf: (key: string) => unknown): Told[] =>
  object.fields.filter((field) => !field.base && !field.retired && field.key !== object.title && field.kind !== 'anyReference' && field.kind !== 'reference' && (!object.immutable || EVENT.has(field.kind) || object.subtitle?.includes(field.key)))
    .map((field) => ({ field, value: valueOf(field.key) })).filter(({ value }) => value !== false && !isBlank(value))

/** In one line. What happened needs no names for a page, a length, a number: 「2 分 10 秒 · 138 0013 8000」; a key says nothing without one. */
export function toldText(object: ObjectFacts, { field, value }: Told, text: string): string {
  if (field.unit === 'seconds') return length(Number(value))
  return object.immutable && field.kind !== 'integer' && !KEY.test(text) ? shortUrl(text) : `${label(field.label)} ${shortUrl(text)}`
}

const EVENT: ReadonlySet<string> = new Set(['integer', 'phone'])
const KEY = /^[a-z0-9]+(?:_[a-z0-9]+)+$/
const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** Of an address only what tells one page from another. */
const shortUrl = (text: string): string => (/^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).pathname : text)
