import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import type { ControlProps } from '../../design/field.tsx'
import type { Option } from '../../design/options.tsx'
import { Picker } from '../../design/picker.tsx'
import { label } from '../../i18n/index.ts'
import { subtitleOf } from './subtitle.ts'
import type { Related } from './value.tsx'

export interface Picked { object: string; id: string; title: string }
interface Props extends Partial<ControlProps> { object: string | readonly string[]; value: string | null; onPick: (record: Picked | null) => void; label: string; known?: Related; small?: boolean; clearable?: boolean; autoOpen?: boolean; onClose?: () => void }

/** A record chosen by name: of one object from its newest rows, of several by search. */
export function RecordPicker({ object, value, onPick, known = {}, ...rest }: Props) {
  const catalogue = useCatalogue()
  const [query, setQuery] = useState('')
  const [kept, setKept] = useState<Picked | null>(null)
  const { options, records, busy } = useFound(catalogue, object, query.trim())
  const title = value ? (kept?.id === value ? kept.title : known[value]?.title ?? records.get(value)?.title) : undefined
  const pick = (id: string | null) => { const record = id === null ? null : (records.get(id) ?? null); setKept(record); onPick(record) }
  return <Picker {...rest} value={value} onPick={pick} options={options} onQuery={setQuery} busy={busy} {...(title ? { shown: title } : {})} />
}

function useFound(catalogue: Catalogue, object: string | readonly string[], text: string): { options: Option[]; records: Map<string, Picked>; busy: boolean } {
  const one = typeof object === 'string' && object !== '*'
  const list = useQuery({ queryKey: [...keys.object(one ? object : ''), 'picker', text], queryFn: ({ signal }) => call('listRecords', { params: { object: object as string }, query: { limit: 20, ...(text ? { search: text } : {}) } }, { signal }), enabled: one, placeholderData: keepPreviousData })
  const hits = useQuery({ queryKey: keys.search(text), queryFn: ({ signal }) => call('search', { query: { q: text, limit: 20 } }, { signal }), enabled: !one && text.length > 0, placeholderData: keepPreviousData })
  const found = one ? (list.data?.records ?? []).map((record) => ({ record, hint: subtitleOf(catalogue, record, list.data?.related ?? {}) }))
    : (hits.data?.hits ?? []).filter((hit) => object === '*' || (object as readonly string[]).includes(hit.object)).map((hit) => ({ record: hit, hint: [hit.subtitle, label(catalogue.object(hit.object)?.label)].filter(Boolean).join(' · ') }))
  return { options: found.map(({ record, hint }) => ({ value: record.id, label: record.title, hint })), records: new Map(found.map(({ record }) => [record.id, record])), busy: list.isFetching || hits.isFetching }
}
