import { useState } from 'react'
import { ACCESS_MODE } from '#language/definitions'
import { putDefinition, useDefinitions } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Switch } from '../../design/field.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { plainLabel } from '../../api/definitions.ts'
import { t } from '../../i18n/index.ts'
import css from './policies.module.css'

/** Whether roles give anything, or policies alone decide. Asked first: everybody is concerned. */
export function Mode() {
  const { data } = useDefinitions('accessMode')
  const [asking, setAsking] = useState(false)
  const stored = data?.[0]
  const roles = stored?.body.roles ?? true
  const put = async (to: boolean) => {
    setAsking(false)
    const save = (value: boolean, expectVersion: number) => putDefinition('accessMode', { key: ACCESS_MODE, body: { key: ACCESS_MODE, label: plainLabel(t('policies.mode')), roles: value }, expectVersion })
    try {
      const made = await save(to, stored?.version ?? 0)
      say(t(to ? 'policies.rolesOn' : 'policies.rolesOff'), () => save(!to, made.version))
    } catch (error) {
      sayTrouble(sentenceOf(error))
    }
  }
  if (!data) return null
  return (
    <div className={css.mode}>
      <div className="grow"><b>{t('policies.mode')}</b><p className="hint">{t(roles ? 'policies.modeRoles' : 'policies.modePolicies')}</p></div>
      <Switch checked={roles} onCheck={(on) => (on ? void put(true) : setAsking(true))}>{t('policies.rolesDecide')}</Switch>
      {asking && <Dialog width={440} title={t('policies.askOff')} onClose={() => setAsking(false)} foot={<><Button onClick={() => setAsking(false)}>{t('common.cancel')}</Button><Button look="danger" onClick={() => void put(false)}>{t('policies.turnRolesOff')}</Button></>}><p>{t('policies.askOffHelp')}</p></Dialog>}
    </div>
  )
}
