import { useMutation } from '@tanstack/react-query'
import type { MemberShape } from '#contract/api'
import { useState } from 'react'
import { forgetDefinitions, useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Empty, Failure, Panel } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { memberOptions } from '../records/choices.tsx'
import css from './members.module.css'

type Team = Catalogue['teams'][number]

/** The tree of teams: those below a team belong to its head's view too. */
export function Teams({ members }: { members: readonly MemberShape[] }) {
  const catalogue = useCatalogue()
  const [editing, setEditing] = useState<Team | 'new' | null>(null)
  const count = (id: number) => members.filter((member) => member.team === id || member.teams.includes(id)).length
  return (
    <Panel title={t('members.teams')} acts={<Button small icon="plus" onClick={() => setEditing('new')}>{t('members.newTeam')}</Button>}>
      {catalogue.teams.length === 0 ? <Empty icon="people" title={t('members.noTeams')} /> : <ul>{ordered(catalogue.teams).map(([team, depth]) => (
        <li key={team.id}><button type="button" className={css.team} style={{ paddingLeft: 16 + depth * 24 }} onClick={() => setEditing(team)}><span className="grow">{team.name}</span><span className="hint">{[team.head ? catalogue.member(team.head)?.name : null, t('common.people', { n: count(team.id) })].filter(Boolean).join(' · ')}</span></button></li>
      ))}</ul>}
      {editing && <TeamForm key={editing === 'new' ? 'new' : editing.id} team={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Panel>
  )
}

/** Parents before their children. */
function ordered(teams: readonly Team[], parent: number | null = null, depth = 0): [Team, number][] {
  return teams.filter((team) => team.parent === parent).flatMap((team) => [[team, depth] as [Team, number], ...ordered(teams, team.id, depth + 1)])
}

function TeamForm({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const catalogue = useCatalogue()
  const [name, setName] = useState(team?.name ?? '')
  const [parent, setParent] = useState(team?.parent ?? null)
  const [head, setHead] = useState(team?.head ?? null)
  const done = async () => { await forgetDefinitions(); say(t('common.saved')); onClose() }
  const save = useMutation({ mutationFn: () => (team ? call('updateTeam', { params: { id: team.id }, body: { name: name.trim(), parent, head } }) : call('createTeam', { body: { name: name.trim(), parent, head } })), onSuccess: done })
  const remove = useMutation({ mutationFn: () => call('deleteTeam', { params: { id: team!.id } }), onSuccess: done })
  const below = new Set(team ? ordered(catalogue.teams, team.id).map(([each]) => each.id) : [])
  return (
    <Dialog title={team ? team.name : t('members.newTeam')} onClose={onClose} foot={<>{team && <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>{t('common.delete')}</Button>}<span className="grow" /><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} disabled={!name.trim()} onClick={() => save.mutate()}>{t('common.save')}</Button></>}>
      {(save.error || remove.error) && <Failure small error={save.error ?? remove.error} />}
      <Field label={t('members.teamName')} required>{(control) => <Input {...control} data-autofocus value={name} maxLength={80} onText={setName} />}</Field>
      <Field label={t('members.parentTeam')}>{(control) => <Picker {...control} clearable label={t('members.parentTeam')} placeholder={t('common.none')} value={parent ? String(parent) : null} options={catalogue.teams.filter((each) => each.id !== team?.id && !below.has(each.id)).map((each) => ({ value: String(each.id), label: each.name }))} onPick={(id) => setParent(id ? Number(id) : null)} />}</Field>
      <Field label={t('members.head')}>{(control) => <Picker {...control} clearable label={t('members.head')} placeholder={t('common.none')} value={head ? String(head) : null} options={memberOptions(catalogue)} onPick={(id) => setHead(id ? Number(id) : null)} />}</Field>
    </Dialog>
  )
}
