import { useState } from 'react'
import type { DashboardShape } from '#contract/api'
import type { Dashboard } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field, Input } from '../../design/field.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './dashboards.module.css'
import { wholeOf } from './boards.ts'
import { d } from './words.ts'

type Reach = 'me' | 'teams' | 'all'

/** How it is called and who sees it, as far as one may say so. */
export function ShareBoard({ board, onSave, onClose }: { board: DashboardShape; onSave: (board: Dashboard) => Promise<boolean>; onClose: () => void }) {
  const catalogue = useCatalogue()
  const all = catalogue.can('definitions')
  const own = catalogue.teams.filter(({ id }) => all || catalogue.me.leads.includes(id))
  const [name, setName] = useState(label(board.label))
  const [reach, setReach] = useState<Reach>(board.shared || board.owner === null ? 'all' : board.teams?.length ? 'teams' : 'me')
  const [teams, setTeams] = useState((board.teams ?? []).map(String))
  const [roles, setRoles] = useState<readonly string[]>(board.roles ?? [])
  const [busy, setBusy] = useState(false)
  const reaches = [...(board.owner === null ? [] : [{ value: 'me' as const, label: d('me') }]), ...(own.length > 0 && board.owner !== null ? [{ value: 'teams' as const, label: d('teams') }] : []), ...(all ? [{ value: 'all' as const, label: d('all') }] : [])]
  const ready = Boolean(name.trim()) && (reach !== 'teams' || teams.length > 0)
  const save = async () => {
    setBusy(true)
    const { teams: _, roles: _roles, ...rest } = wholeOf(board)
    const saved = await onSave({ ...rest, label: name.trim() === label(board.label) ? board.label : plainLabel(name.trim()), shared: reach === 'all', ...(reach === 'teams' ? { teams: teams.map(Number) } : {}), ...(reach === 'all' && roles.length > 0 ? { roles: [...roles] } : {}) })
    setBusy(false)
    if (saved) onClose()
  }
  return (
    <Dialog title={d('share')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} disabled={!ready} onClick={() => void save()}>{t('common.save')}</Button></>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); if (ready) void save() }}>
        <Field label={d('name')} required>{(control) => <Input {...control} data-autofocus value={name} maxLength={40} onText={setName} />}</Field>
        {reaches.length > 1 && <Field label={d('whoSees')}>{() => <Choice label={d('whoSees')} value={reach} options={reaches} onChoose={setReach} />}</Field>}
        {reach === 'teams' && <Field label={d('teams')} required>{(control) => <MultiPicker {...control} label={d('teams')} value={teams} options={own.map(({ id, name: each }) => ({ value: String(id), label: each }))} onPick={setTeams} />}</Field>}
        {reach === 'all' && all && <Field label={d('roles')} help={d('rolesHelp')}>{(control) => <MultiPicker {...control} label={d('roles')} placeholder={d('everyRole')} value={roles} options={catalogue.roles.map((role) => ({ value: role.key, label: label(role.label) }))} onPick={setRoles} />}</Field>}
      </form>
    </Dialog>
  )
}
