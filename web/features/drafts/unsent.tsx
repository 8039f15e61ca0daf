import { useQuery } from '@tanstack/react-query'
import type { RecordShape, RouteAnswer, Routes } from '#contract/api'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Dialog } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { Value, type Related } from '../records/value.tsx'
import css from './drafts.module.css'

/** For whoever may audit: what was typed about this record and never sent or saved. */
export default function Unsent({ record: { object, id, title } }: { record: RecordShape }) {
  const may = useCatalogue().can('audit')
  const [open, setOpen] = useState(false)
  const { data } = useQuery({ queryKey: ['record', object, id, 'unsent'], queryFn: ({ signal }) => call('unsentDrafts', { params: { object, id } }, { signal }), enabled: may, retry: false })
  const n = data ? data.items.length + data.forms.length : 0
  if (!data || n === 0) return null
  return (
    <p className={css.unsent}><span className="hint">{t('comments.unsent', { n })}</span><button type="button" className="link" onClick={() => setOpen(true)}>{t('comments.original')}</button>
      {open && (
        <Dialog look="sheet" title={t('comments.unsentTitle')} hint={title} onClose={() => setOpen(false)}>
          <p className="hint">{t('comments.unsentHelp')}</p>
          <ul className={css.list}>
            {data.items.map((item) => (
              <li key={item.id}>
                <div className={css.head}><b>{item.by}</b><span className="hint">{t(`comments.draft_${item.kind}`)} · {clockTime(item.savedAt, true)}</span><span className="grow" /><Tag>{t(item.givenUp ? 'comments.givenUp' : 'comments.stillOpen')}</Tag></div>
                <p className={css.words}>{item.text}</p>
              </li>
            ))}
            {data.forms.map((form) => <UnsavedForm key={form.id} form={form} related={data.related} />)}
          </ul>
        </Dialog>
      )}
    </p>
  )
}

type Form = RouteAnswer<Routes['unsavedForms']>['items'][number]
/** Who typed what into a form, field by field. */
export function UnsavedForm({ form, related }: { form: Form; related: Related }) {
  const object = useCatalogue().object(form.object)
  const fields = object?.fields.filter(({ key }) => key in form.vals) ?? []
  return (
    <li>
      <div className={css.head}><b>{form.by}</b><span className="hint">{t(`comments.draft_${form.kind}`, { object: object ? label(object.label) : form.object })} · {clockTime(form.savedAt, true)}</span><span className="grow" /><Tag>{t(form.givenUp ? 'comments.givenUp' : 'comments.notSaved')}</Tag></div>
      <dl className={css.typed}>{fields.map((field) => <div key={field.key}><dt>{label(field.label)}</dt><dd>{shown(form.vals[field.key]) ? <Value field={field} value={form.vals[field.key]} related={related} /> : <span className="hint">{t('comments.emptied')}</span>}</dd></div>)}</dl>
    </li>
  )
}

const shown = (value: unknown): boolean => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
