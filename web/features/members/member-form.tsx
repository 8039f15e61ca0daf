import { useMutation } from '@tanstack/react-query'
import type { MemberShape } from '#contract/api'
import { useState } from 'react'
import { forgetDefinitions, useCatalogue } from '../../api/catalogue.ts'
import { ApiError, call, queries, viewAs } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at, tenantPrefix } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Input } from '../../design/field.tsx'
import { clockTime, phone } from '../../design/format.ts'
import { Failure, sentenceOf } from '../../design/pieces.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { AbsenceForm } from '../absences/absence-form.tsx'
import { teamOptions } from '../records/choices.tsx'
import { CapabilityFields } from './capability-fields.tsx'
import css from './members.module.css'
import { moveMember, sayMoved, TeamMove, useTeamMove } from './team-move.tsx'

interface Link { url: string; expiresAt: string }
interface Props { member: MemberShape | null; members: readonly MemberShape[]; onClose: () => void; onHandover?: () => void }
const again = () => Promise.all([queries.invalidateQueries({ queryKey: keys.members }), forgetDefinitions()])

/** One person: who they are, what they may do, whom they answer to, what they can take. */
export function MemberForm({ member, members, onClose, onHandover = onClose }: Props) {
  const catalogue = useCatalogue()
  const [draft, setDraft] = useState(() => ({ name: member?.name ?? '', email: member?.email ?? '', phone: member?.phone ? phone(member.phone) : '', job: member?.job ?? '', roles: member?.roles ?? [], team: member?.team ?? null, teams: member?.teams.filter((id) => id !== member.team) ?? [], supervisor: member?.supervisor ?? null, capability: member?.capability ?? { skills: [], regions: [], capacity: 40 } }))
  const [link, setLink] = useState<Link | null>(null)
  const body = () => ({ name: draft.name.trim(), email: draft.email.trim() || null, phone: draft.phone.trim() || null, job: draft.job.trim() || null, roles: draft.roles, team: draft.team, teams: draft.teams.filter((id) => id !== draft.team), supervisor: draft.supervisor, capability: draft.capability })
  const move = useTeamMove(member, draft.team)
  const store = async ({ id }: MemberShape) => {
    const { team, ...rest } = body()
    await call('updateMember', { params: { id }, body: move.way ? rest : body() })
    return move.way && moveMember(id, team, move.way)
  }
  const save = useMutation({
    mutationFn: async () => (member ? { moved: await store(member) } : await call('createMember', { body: body() })),
    onSuccess: async (made) => {
      if ('moved' in made && made.moved) { await sayMoved(made.moved, draft.name); return onClose() }
      await again()
      say(t(member ? 'common.saved' : 'members.added', { name: draft.name }))
      if ('link' in made) setLink(made.link); else onClose()
    },
  })
  const refusedAt = save.error instanceof ApiError ? save.error.path?.split('.').at(-1) : undefined
  const problem = (key: string) => (refusedAt === key ? sentenceOf(save.error) : null)
  const ready = move.settled && draft.name.trim() && draft.roles.length > 0 && (draft.email.trim() || draft.phone.trim())
  const put = (next: Partial<typeof draft>) => setDraft({ ...draft, ...next })
  if (link) return <LinkDialog title={t('members.inviteLink', { name: draft.name })} link={link} onClose={onClose} />
  return (
    <Dialog look="sheet" width={560} title={member ? member.name : t('members.invite')} hint={member ? undefined : t('members.inviteHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={save.isPending} disabled={!ready} onClick={() => save.mutate()}>{t(member ? 'common.save' : 'members.makeLink')}</Button></>}>
      {save.error && !refusedAt && <Failure small error={save.error} />}
      <form className={css.grid} onSubmit={(event) => { event.preventDefault(); if (ready) save.mutate() }}>
        <Field label={t('members.name')} required error={problem('name')}>{(control) => <Input {...control} value={draft.name} maxLength={80} onText={(name) => put({ name })} />}</Field>
        <Field label={t('members.job')}>{(control) => <Input {...control} value={draft.job} maxLength={80} onText={(job) => put({ job })} />}</Field>
        <Field label={t('auth.email')} error={problem('email')} help={member ? undefined : t('members.either')}>{(control) => <Input {...control} type="email" value={draft.email} onText={(email) => put({ email })} />}</Field>
        <Field label={t('auth.phone')} error={problem('phone')}>{(control) => <Input {...control} type="tel" value={draft.phone} onText={(text) => put({ phone: text })} />}</Field>
        <Field label={t('members.roles')} required error={problem('roles')}>{(control) => <MultiPicker {...control} label={t('members.roles')} value={draft.roles} options={catalogue.roles.map((role) => ({ value: role.key, label: label(role.label) }))} onPick={(roles) => put({ roles })} />}</Field>
        <Field label={t('members.supervisor')}>{(control) => <Picker {...control} clearable label={t('members.supervisor')} value={draft.supervisor ? String(draft.supervisor) : null} options={members.filter((each) => each.id !== member?.id && each.state === 'active').map((each) => ({ value: String(each.id), label: each.name, hint: each.job ?? undefined }))} onPick={(id) => put({ supervisor: id ? Number(id) : null })} />}</Field>
        <Field label={t('members.mainTeam')}>{(control) => <Picker {...control} clearable label={t('members.mainTeam')} value={draft.team ? String(draft.team) : null} options={teamOptions(catalogue)} onPick={(id) => put({ team: id ? Number(id) : null })} />}</Field>
        <Field label={t('members.otherTeams')}>{(control) => <MultiPicker {...control} label={t('members.otherTeams')} value={draft.teams.map(String)} options={teamOptions(catalogue)} onPick={(ids) => put({ teams: ids.map(Number) })} />}</Field>
        <TeamMove move={move} from={member?.team ?? null} to={draft.team} />
        <CapabilityFields value={draft.capability} onChange={(capability) => put({ capability })} />
        <button type="submit" hidden />
      </form>
      {member && <Access member={member} onLink={setLink} onHandover={onHandover} />}
    </Dialog>
  )
}

/** A new password link, or the door closed. */
function Access({ member, onLink, onHandover }: { member: MemberShape; onLink: (link: Link) => void; onHandover: () => void }) {
  const make = useMutation({ mutationFn: (kind: 'invite' | 'reset') => call('memberLink', { params: { id: member.id }, body: { kind } }), onSuccess: onLink })
  const suspend = useMutation({
    mutationFn: (state: 'active' | 'suspended') => call('updateMember', { params: { id: member.id }, body: { state } }),
    onSuccess: async (_, state) => { await again(); say(t(state === 'active' ? 'members.activeAgain' : 'members.suspendedSaid', { name: member.name }), () => call('updateMember', { params: { id: member.id }, body: { state: state === 'active' ? 'suspended' : 'active' } }).then(again)) },
  })
  const look = useMutation({ mutationFn: () => viewAs(member.id, `${tenantPrefix()}${at.home}`) })
  const forget = useMutation({ mutationFn: () => call('resetTwoFactor', { params: { id: member.id } }), onSuccess: async () => { await again(); say(t('members.secondReset', { name: member.name })) } })
  const active = member.state === 'active'
  const [leaving, setLeaving] = useState(false)
  return (
    <section className={css.access}>
      <h3>{t('members.access')}</h3>
      {(make.error || suspend.error || look.error || forget.error) && <Failure small error={make.error ?? suspend.error ?? look.error ?? forget.error} />}
      <div className={css.accessActs}>
        <Button small icon="link" busy={make.isPending} onClick={() => make.mutate(member.invited ? 'invite' : 'reset')}>{t(member.invited ? 'members.newInvite' : 'members.resetLink')}</Button>
        {member.twoFactor && <Button small icon="refresh" busy={forget.isPending} onClick={() => forget.mutate()}>{t('members.resetSecond')}</Button>}
        {active && <Button small icon="user" busy={look.isPending} onClick={() => look.mutate()}>{t('members.viewAs')}</Button>}
        {active && <Button small icon="calendar" onClick={() => setLeaving(true)}>{t('absences.enter')}</Button>}
        <Button small icon="people" onClick={onHandover}>{t('members.handover')}</Button>
        <Button small look={active ? 'danger' : 'plain'} busy={suspend.isPending} onClick={() => suspend.mutate(active ? 'suspended' : 'active')}>{t(active ? 'members.suspend' : 'members.activate')}</Button>
      </div>
      <p className="hint">{t('members.suspendHelp')}</p>
      {leaving && <AbsenceForm member={member.id} onClose={() => setLeaving(false)} />}
    </section>
  )
}

/** Shown once: handed over by whatever way the two people trust. */
function LinkDialog({ title, link, onClose }: { title: string; link: Link; onClose: () => void }) {
  return (
    <Dialog title={title} hint={t('members.linkHelp', { when: clockTime(link.expiresAt) })} onClose={onClose} foot={<Button look="primary" onClick={onClose}>{t('common.done')}</Button>}>
      <div className={css.link}><code>{link.url}</code><CopyButton text={link.url} /></div>
    </Dialog>
  )
}
