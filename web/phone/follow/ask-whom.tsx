import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Input } from '../../design/field.tsx'
import { Empty, Failure, Skeleton } from '../../design/pieces.tsx'
import { activityOf, takesFollowUps } from '../../features/followup/activity.ts'
import type { Subject } from '../../features/followup/ask-subject.tsx'
import { workbenchQuery } from '../../features/workbench/query.ts'
import { label, t } from '../../i18n/index.ts'
import { Rows, Sheet } from '../frame/sheet.tsx'
import { p } from '../words/index.ts'
import css from './follow.module.css'

/** Whom was it about? Today's people are one press away; typing searches everyone. */
export function AskWhom({ onPick, onClose }: { onPick: (subject: Subject) => void; onClose: () => void }) {
  const catalogue = useCatalogue()
  const activity = activityOf(catalogue)
  const [text, setText] = useState('')
  const sought = text.trim()
  const today = useQuery({ ...workbenchQuery, enabled: false }).data?.blocks.flatMap(({ rows }) => rows) ?? []
  const found = useQuery({ queryKey: keys.search(sought), queryFn: ({ signal }) => call('search', { query: { q: sought, limit: 20 } }, { signal }), enabled: sought.length > 0, placeholderData: keepPreviousData })
  const all: Subject[] = sought ? (found.data?.hits ?? []).map((hit) => ({ ...hit, company: hit.subtitle })) : today
  const subjects = all.filter((subject, at) => takesFollowUps(activity, subject.object) && all.findIndex(({ id }) => id === subject.id) === at)
  return (
    <Sheet tall label={p('askWhom')} title={p('askWhom')} onClose={onClose}>
      <div className={css.search}><Input type="search" enterKeyHint="search" autoFocus aria-label={p('askWhom')} placeholder={t('followup.whomHint')} value={text} onText={setText} /></div>
      {!sought && subjects.length > 0 && <p className="hint">{p('recent')}</p>}
      {found.error && sought ? <Failure error={found.error} onRetry={found.refetch} /> : sought && !found.data ? <Skeleton rows={3} height={52} />
        : subjects.length === 0 ? <Empty icon="search" title={sought ? t('followup.nobody') : t('followup.typeName')} />
        : <Rows label={p('askWhom')} rows={subjects.map((subject) => ({ key: subject.id, label: subject.title, hint: [subject.company, label(catalogue.object(subject.object)?.label)].filter(Boolean).join(' · '), onPick: () => onPick(subject) }))} />}
    </Sheet>
  )
}
