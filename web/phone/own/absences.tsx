import { useState } from 'react'
import { at } from '../../app/paths.ts'
import { AbsenceForm } from '../../features/absences/absence-form.tsx'
import { AbsenceList } from '../../features/absences/absence-list.tsx'
import { Icon } from '../../design/icons.tsx'
import { t } from '../../i18n/index.ts'
import { Screen } from '../frame/screen.tsx'
import screen from '../frame/screen.module.css'
import css from './own.module.css'

export default function Absences() {
  const [open, setOpen] = useState(false)
  const fab = <button type="button" className={screen.fab} onClick={() => setOpen(true)}><Icon name="plus" size={18} />{t('absences.enter')}</button>
  return (
    <Screen title={t('absences.title')} backTo={at.account} small act={fab}>
      <div className={css.stack}><AbsenceList /></div>
      {open && <AbsenceForm onClose={() => setOpen(false)} />}
    </Screen>
  )
}
