import type { RecordShape } from '#contract/api'
import type { Catalogue } from '../../api/catalogue.ts'
import { label } from '../../i18n/index.ts'
import { isBlank, textOf, valueOf, type Related } from './value.tsx'

/** A bare number says nothing without its name. */
const NAMED: ReadonlySet<string> = new Set(['integer', 'decimal', 'percent', 'boolean'])

/** The line under a record's name. */
export function subtitleOf(catalogue: Catalogue, record: RecordShape, related: Related): string {
  const object = catalogue.object(record.object)
  return (object?.subtitle ?? []).flatMap((key) => {
    const field = object?.field.get(key)
    const value = valueOf(record, key)
    if (!field || isBlank(value)) return []
    const text = textOf(catalogue, field, value, related)
    return [NAMED.has(field.kind) ? `${label(field.label)} ${text}` : text]
  }).join(' · ')
}
