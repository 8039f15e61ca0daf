import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { Input } from '../../design/field.tsx'
import { Empty, Failure, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { navigate } from '../frame/router.tsx'
import { Rows, Sheet } from '../frame/sheet.tsx'
import { p } from '../words/index.ts'

/** Finds a record of any object by name, pinyin initials or the end of a phone number. */
export function FindSheet({ onClose }: { onClose: () => void }) {
  const catalogue = useCatalogue()
  const [text, setText] = useState('')
  const sought = text.trim()
  const { data, error, refetch } = useQuery({ queryKey: keys.search(sought), queryFn: ({ signal }) => call('search', { query: { q: sought, limit: 30 } }, { signal }), enabled: sought.length > 0, placeholderData: keepPreviousData })
  const open = (object: string, id: string) => { navigate(at.record(object, id)); onClose() }
  return (
    <Sheet tall label={p('searchAll')} title={p('searchAll')} onClose={onClose}>
      <Input type="search" enterKeyHint="search" autoFocus aria-label={p('searchAll')} placeholder={t('followup.whomHint')} value={text} onText={setText} />
      {!sought ? <Empty icon="search" title={t('followup.typeName')} /> : error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} height={52} />
        : data.hits.length === 0 ? <Empty icon="search" title={t('shell.noHit', { text: sought })} />
        : <Rows label={p('searchAll')} rows={data.hits.map((hit) => ({ key: hit.id, label: hit.title, hint: [hit.subtitle, label(catalogue.object(hit.object)?.label)].filter(Boolean).join(' · '), onPick: () => open(hit.object, hit.id) }))} />}
    </Sheet>
  )
}
