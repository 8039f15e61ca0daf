import type { View } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Choice, Field, Input } from '../../design/field.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { read } from '../conditions/sentence.ts'
import css from './list.module.css'
import { sortsOf } from './list-data.ts'
import type { ListState } from './list-state.ts'

type Reach = 'me' | 'teams' | 'all'
const reachOf = (view: View | undefined): Reach => (!view ? 'me' : view.owner === null || view.shared ? 'all' : view.teams?.length ? 'teams' : 'me')

/** What the list is called and who sees it; `old`: the one that is changed, else a new one with what is shown now. */
export function SaveView({ state, old, onClose, onSave }: { state: ListState; old?: View | undefined; onClose: () => void; onSave: (view: View) => Promise<void> }) {
  const catalogue = useCatalogue()
  const [name, setName] = useState(old ? label(old.label) : state.view ? t('records.copyOf', { name: label(state.view.label) }) : '')
  const [reach, setReach] = useState<Reach>(reachOf(old))
  const [teams, setTeams] = useState<readonly string[]>(old?.teams?.map(String) ?? [])
  const [firstFor, setFirstFor] = useState<readonly string[]>(old?.firstFor ?? [])
  const [busy, setBusy] = useState(false)
  const filter = old?.filter ?? state.filter
  const reading = read(catalogue, state.object.key, filter)
  const all = catalogue.can('definitions')
  const own = catalogue.teams.filter(({ id }) => all || catalogue.me.leads.includes(id))
  const reaches: { value: Reach; label: string }[] = [{ value: 'me', label: t('records.viewMine') }, ...(own.length > 0 ? [{ value: 'teams' as const, label: t('records.viewTeams') }] : []), ...(all ? [{ value: 'all' as const, label: t('records.viewAll') }] : [])]
  const ready = Boolean(name.trim()) && (reach !== 'teams' || teams.length > 0)
  const save = async () => {
    if (!ready) return
    setBusy(true)
    const base = old ?? { key: freshViewKey(state.object.key), object: state.object.key, filter: state.filter, sort: sortsOf(state.sort), columns: [...state.columns], owner: catalogue.me.id, order: 1000 + catalogue.views.length }
    await onSave(sharedAs(catalogue, { ...base, label: old && name.trim() === label(old.label) ? old.label : plainLabel(name.trim()), shared: false }, { reach, teams: teams.map(Number), firstFor: [...firstFor] }))
    setBusy(false)
  }
  return (
    <Dialog title={t(old ? 'records.changeView' : 'records.saveAs')} hint={reading.ok ? reading.sentence : undefined} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} disabled={!ready} onClick={() => void save()}>{t('common.save')}</Button></>}>
      <form className={css.transfer} onSubmit={(event) => { event.preventDefault(); void save() }}>
        <Field label={t('records.viewName')} required>{(control) => <Input {...control} data-autofocus value={name} maxLength={40} onText={setName} />}</Field>
        {reaches.length > 1 && <Field label={t('records.whoSees')}>{() => <Choice label={t('records.whoSees')} value={reach} onChoose={setReach} options={reaches} />}</Field>}
        {reach === 'teams' && <Field label={t('records.viewTeams')} required>{(control) => <MultiPicker {...control} label={t('records.viewTeams')} value={teams} options={own.map((team) => ({ value: String(team.id), label: team.name }))} onPick={setTeams} />}</Field>}
        {all && reach !== 'me' && <Field label={t('records.firstFor')} help={t('records.firstForHelp')}>{(control) => <MultiPicker {...control} label={t('records.firstFor')} placeholder={t('records.firstForNobody')} value={firstFor} options={catalogue.roles.map((role) => ({ value: role.key, label: label(role.label) }))} onPick={setFirstFor} />}</Field>}
      </form>
    </Dialog>
  )
}

const freshViewKey = (object: string): string => `${object.replaceAll('_', '-')}-${crypto.randomUUID().slice(0, 8)}`

/** What ships with the solution stays nobody's own while everybody sees it. */
function sharedAs({ me }: Catalogue, { teams: _, firstFor: _first, ...view }: View, { reach, teams, firstFor }: { reach: Reach; teams: number[]; firstFor: string[] }): View {
  return { ...view, owner: reach === 'all' ? view.owner : (view.owner ?? me.id), shared: reach === 'all', ...(reach === 'teams' ? { teams } : {}), ...(firstFor.length > 0 && reach !== 'me' ? { firstFor } : {}) }
}
