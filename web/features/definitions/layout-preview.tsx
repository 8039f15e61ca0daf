import type { Layout } from '#language/definitions'
import { useState } from 'react'
import { Choice } from '../../design/field.tsx'
import { Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { arranged, shownIn } from '../records/layout.ts'
import type { LaidField } from './layout-draft.ts'
import css from './layout.module.css'

/** What becomes of it, while it is being arranged. */
export function LayoutPreview({ layout, fields }: { layout: Layout; fields: readonly LaidField[] }) {
  const [place, setPlace] = useState<'page' | 'create'>('page')
  const groups = arranged(layout, shownIn(layout, fields.filter((field) => place === 'page' || !field.fixed), place), () => t('records.otherFields'))
  return (
    <Panel title={t('layouts.preview')} label={t('layouts.preview')} className={css.preview} acts={<Choice label={t('layouts.preview')} value={place} onChoose={setPlace} options={[{ value: 'page', label: t('layouts.onPage') }, { value: 'create', label: t('layouts.onCreate') }]} />}>
      {groups.map(([name, members]) => <section key={name} className={css.previewGroup}><h3>{name}</h3><ul>{members.map((field) => <li key={field.key}>{label(field.label)}{field.required && <span className="danger" aria-hidden="true"> *</span>}</li>)}</ul></section>)}
    </Panel>
  )
}
