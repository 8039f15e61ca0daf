import { useState } from 'react'
import { ADMIN_RIGHTS, TEAM_RIGHTS, type ObjectAccess } from '#language/definitions'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { viewAs } from '../../api/client.ts'
import type { Definition } from '../../api/definitions.ts'
import { at, tenantPrefix } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Check } from '../../design/field.tsx'
import { Panel, sentenceOf } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { activityOf } from '../followup/activity.ts'
import { AskWidening } from './ask-widening.tsx'
import { ObjectRows } from './object-rows.tsx'
import { RoleSettings } from './role-settings.tsx'
import css from './roles.module.css'
import { useRoleChange } from './use-role-change.ts'

interface Props { stored: Definition<'role'>; holders: readonly { id: number; name: string; job: string | null }[]; onHistory: () => void }

/** One role as a table that is edited in place: objects and how far each action reaches, their fields, and what may be administered. */
export function RoleSheet({ stored, holders, onHistory }: Props) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState<string | null>(null)
  const [settings, setSettings] = useState(false)
  const { role, change, asking, answer, busy } = useRoleChange(stored)
  const look = (id: string | null) => { if (id) viewAs(Number(id), `${tenantPrefix()}${at.home}`).catch((error: unknown) => sayTrouble(sentenceOf(error))) }
  const put = (object: string, access: ObjectAccess) => change({ ...role, objects: { ...role.objects, [object]: access } })
  return (
    <Panel title={label(role.label)} hint={t('roles.holders', { n: holders.length })} className={css.sheet}
      acts={<>
        {holders.length > 0 && <Picker small look="inline" label={t('roles.viewAs')} shown={t('roles.viewAs')} value={null} options={holders.map((member) => ({ value: String(member.id), label: member.name, hint: member.job ?? undefined }))} onPick={look} />}
        <Button small look="quiet" icon="edit" onClick={() => setSettings(true)}>{t('roles.settings')}</Button>
        <Button small look="quiet" icon="history" onClick={onHistory}>{t('common.version', { n: stored.version })}</Button>
      </>}>
      <div className={css.scroll} aria-busy={busy}>
        <table className={css.table}>
          <caption className={css.caption}><span>{t('roles.caption')}</span></caption>
          <thead><tr><th scope="col">{t('roles.object')}</th>{(['read', 'create', 'edit', 'delete', 'export', 'transfer', 'unlock', 'import'] as const).map((action) => <th key={action} scope="col">{t(`roles.do_${action}`)}</th>)}</tr></thead>
          <tbody>{byUse(catalogue).map((object) => <ObjectRows key={object.key} object={object} access={role.objects[object.key] ?? {}} open={open === object.key} onOpen={() => setOpen(open === object.key ? null : object.key)} onChange={(access) => put(object.key, access)} />)}</tbody>
        </table>
      </div>
      <fieldset className={css.rights}>
        <legend>{t('roles.rights')}</legend>
        {[...ADMIN_RIGHTS, ...TEAM_RIGHTS].map((right) => <Check key={right} checked={role.rights.includes(right)} onCheck={(on) => change({ ...role, rights: on ? [...role.rights, right] : role.rights.filter((each) => each !== right) })}>{t(`roles.right_${right}`)}</Check>)}
      </fieldset>
      <div className={css.second}><Check checked={role.secondFactor === true} onCheck={(on) => { const { secondFactor: _, ...rest } = role; change(on ? { ...rest, secondFactor: true } : rest) }}>{t('roles.secondFactor')}</Check><p className="hint">{t('roles.secondFactorHelp')}</p></div>
      {settings && <RoleSettings stored={stored} holders={holders.length} onClose={() => setSettings(false)} />}
      {asking && <AskWidening effect={asking} busy={busy} onAnswer={answer} />}
    </Panel>
  )
}

/** What people follow up first, in their order; then the rest. */
function byUse(catalogue: Catalogue): ObjectFacts[] {
  const subjects = activityOf(catalogue)?.subjects ?? []
  const rank = (object: ObjectFacts) => { const place = subjects === '*' ? -1 : [...subjects].indexOf(object.key); return place === -1 ? 99 : place }
  return [...catalogue.objects].sort((a, b) => rank(a) - rank(b))
}
