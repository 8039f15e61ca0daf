import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { Button } from '../../design/button.tsx'
import { t } from '../../i18n/index.ts'
import { AbsenceForm } from './absence-form.tsx'
import { AbsenceList } from './absence-list.tsx'
import css from './absences.module.css'

export default function AbsencesPage() {
  const [open, setOpen] = useState(false)
  return (
    <Page title={t('absences.title')} hint={t('absences.hint')} acts={<Button look="primary" onClick={() => setOpen(true)}>{t('absences.enter')}</Button>}>
      <div className={css.page}><AbsenceList /></div>
      {open && <AbsenceForm onClose={() => setOpen(false)} />}
    </Page>
  )
}
