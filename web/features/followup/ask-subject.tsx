import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Dialog } from '../../design/dialog.tsx'
import { OptionList } from '../../design/options.tsx'
import { label, t } from '../../i18n/index.ts'
import { activityOf, takesFollowUps } from './activity.ts'

export interface Subject { object: string; id: string; title: string; company?: string | null }

/** Whom was it about? Today's people first; typing searches everyone. */
export function AskSubject({ known, onPick, onClose }: { known: readonly Subject[]; onPick: (subject: Subject) => void; onClose: () => void }) {
  const catalogue = useCatalogue()
  const activity = activityOf(catalogue)
  const [query, setQuery] = useState('')
  const text = query.trim()
  const { data, isFetching } = useQuery({ queryKey: keys.search(text), queryFn: ({ signal }) => call('search', { query: { q: text, limit: 20 } }, { signal }), enabled: text.length > 0, placeholderData: keepPreviousData })
  const found: Subject[] = text ? (data?.hits ?? []).map((hit) => ({ ...hit, company: hit.subtitle })) : [...known]
  const subjects = found.filter((subject) => takesFollowUps(activity, subject.object))
  const pick = (id: string) => { const subject = subjects.find((each) => each.id === id); if (subject) onPick(subject) }
  return (
    <Dialog title={t('followup.whom')} onClose={onClose}>
      <OptionList label={t('followup.whom')} placeholder={t('followup.whomHint')} options={subjects.map((subject) => ({ value: subject.id, label: subject.title, hint: [subject.company, label(catalogue.object(subject.object)?.label)].filter(Boolean).join(' · ') }))} selected={new Set()} onPick={pick} onQuery={setQuery} busy={isFetching} empty={text ? t('followup.nobody') : t('followup.typeName')} />
    </Dialog>
  )
}
