import { useQuery } from '@tanstack/react-query'
import { useState, useSyncExternalStore, type ReactNode } from 'react'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { enter, signOutTo, useMe } from '../../api/session.ts'
import { at, tenantPrefix } from '../../app/paths.ts'
import { phone } from '../../design/format.ts'
import { Icon, type IconName } from '../../design/icons.tsx'
import { Avatar, Facts, Panel } from '../../design/pieces.tsx'
import { onTheme, setTheme, theme, type Theme } from '../../design/theme.ts'
import { useApprovalsWaiting } from '../../features/approvals/waiting.ts'
import { eventObject } from '../../features/calendar/events.ts'
import { label, lang, t } from '../../i18n/index.ts'
import { leaveFor } from '../frame/desktop.ts'
import { navigate } from '../frame/router.tsx'
import { Screen } from '../frame/screen.tsx'
import { Rows, Sheet } from '../frame/sheet.tsx'
import { ObjectsSheet } from '../records/objects-sheet.tsx'
import { p, switchLang } from '../words/index.ts'
import css from './own.module.css'

/** Who sits here, and what concerns only them. */
export default function Mine() {
  const me = useMe()
  const catalogue = useCatalogue()
  const [sheet, setSheet] = useState<'objects' | 'roles' | 'desktop' | null>(null)
  const pages = workings(catalogue)
  const waiting = useApprovalsWaiting()
  return (
    <Screen title={p('mine')}>
      <div className={css.stack}>
        <Panel label={p('profile')}>
          <div className={css.me}><Avatar text={me.avatar} size={48} /><div><b>{me.name}</b><span className="hint">{me.job ?? me.roles.map((role) => label(role.label)).join(t('common.listGap'))}</span></div></div>
          <div className={css.facts}><Facts facts={[[t('auth.email'), me.email], [t('auth.phone'), me.phone && phone(me.phone)], [t('members.team'), catalogue.team(me.team)?.name], [t('members.supervisor'), catalogue.member(me.supervisor)?.name]].filter((fact): fact is [string, string] => Boolean(fact[1]))} /></div>
        </Panel>
        <Panel label={p('objects')}>
          {me.tenant.demo && <Item icon="people" onPress={() => setSheet('roles')}>{p('switchRole')}</Item>}
          <Item icon="check" count={waiting} onPress={() => navigate(at.approvals)}>{t('approvals.title')}</Item>
          {eventObject(catalogue) && <Item icon="calendar" onPress={() => navigate(at.calendar)}>{t('calendar.title')}</Item>}
          {catalogue.objects.some((object) => object.shift && object.can.read) && <Item icon="calendar" onPress={() => navigate(at.shifts)}>{t('shifts.title')}</Item>}
          {catalogue.assigning.length > 0 && <Item icon="target" onPress={() => navigate(at.unassigned)}>{t('unassigned.title')}</Item>}
          <Item icon="cube" onPress={() => setSheet('objects')}>{p('objects')}</Item>
          {pages.length > 0 && <Item icon="bolt" hint={p('desktopHelp')} onPress={() => setSheet('desktop')}>{p('desktop')}</Item>}
          <Item icon="calendar" onPress={() => navigate(at.absences)}>{t('absences.title')}</Item>
          <Item icon="bolt" onPress={() => navigate(at.ownAutomation)}>{t('ownAutomation.title')}</Item>
          <Item icon="bell" onPress={() => navigate(at.noticeSettings)}>{t('notifications.settings')}</Item>
          <Item icon="lock" onPress={() => navigate(at.changePassword)}>{t('auth.changePassword')}</Item>
        </Panel>
        <Looks />
        <Panel label={t('shell.signOut')}><button type="button" className={css.item} data-danger="true" onClick={() => signOutTo(`${tenantPrefix()}${at.signIn}`)}>{t('shell.signOut')}</button></Panel>
      </div>
      {sheet === 'objects' && <ObjectsSheet onClose={() => setSheet(null)} />}
      {sheet === 'roles' && <Roles onClose={() => setSheet(null)} />}
      {sheet === 'desktop' && <Sheet label={p('desktop')} title={p('desktop')} hint={p('desktopHelp')} onClose={() => setSheet(null)}><Rows label={p('desktop')} rows={pages.map(([to, name]) => ({ key: to, label: name, onPick: () => leaveFor(to) }))} /></Sheet>}
    </Screen>
  )
}

const Item = ({ icon, hint, count = 0, onPress, children }: { icon: IconName; hint?: string; count?: number; onPress: () => void; children: ReactNode }) => (
  <button type="button" className={css.item} onClick={onPress}><Icon name={icon} size={18} /><span className="grow">{children}{hint && <span className="hint"> · {hint}</span>}</span>{count > 0 && <em className={css.count}>{count}</em>}<Icon name="right" /></button>
)

function Looks() {
  const chosen = useSyncExternalStore(onTheme, theme)
  const looks: [Theme, string][] = [['system', t('shell.themeSystem')], ['light', t('shell.themeLight')], ['dark', t('shell.themeDark')]]
  return (
    <Panel label={p('theme')}>
      <div className={css.setting}><span>{p('theme')}</span><span className={css.segments} role="group" aria-label={p('theme')}>{looks.map(([value, name]) => <button key={value} type="button" aria-pressed={chosen === value} onClick={() => setTheme(value)}>{name}</button>)}</span></div>
      <div className={css.setting}><span>{p('language')}</span><span className={css.segments} role="group" aria-label={p('language')}>{(['zh', 'en'] as const).map((tongue) => <button key={tongue} type="button" lang={tongue} aria-pressed={lang() === tongue} onClick={() => void switchLang(tongue)}>{tongue === 'zh' ? '中文' : 'English'}</button>)}</span></div>
    </Panel>
  )
}

/** On demo data, on the machine itself: sit down on another chair. */
function Roles({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const { data } = useQuery({ queryKey: ['demo-cards'], queryFn: () => call('demoCards', {}), retry: false, staleTime: Infinity })
  const sit = async (member: number) => { enter(await call('demoSignIn', { body: { member } })); location.assign(`${tenantPrefix()}/`) }
  return <Sheet label={p('switchRole')} title={p('switchRole')} hint={p('demoData')} onClose={onClose}><Rows label={p('switchRole')} rows={(data?.cards ?? []).map((card) => ({ key: String(card.member), label: card.name, hint: [card.job ?? label(card.roleLabel), card.team].filter(Boolean).join(' · '), mark: <Avatar text={card.avatar} size={34} />, chosen: card.member === me.id, onPick: () => void sit(card.member) }))} /></Sheet>
}

/** What keeps the place running, as far as this member may tend to it: drawn by the desktop. */
function workings(catalogue: Catalogue): [string, string][] {
  const all: [Parameters<Catalogue['can']>[0], string, string][] = [
    [catalogue.can('rules') ? 'rules' : 'teamRules', at.rules, t('rules.title')], ['assignment', at.assignment, t('assignment.title')], ['forms', at.forms, t('forms.title')],
    ['intake', at.intake, t('intake.title')], ['definitions', at.objects, t('definitions.title')], ['definitions', at.prints, t('prints.title')], ['members', at.members, t('members.title')], ['members', at.roles, t('roles.title')],
    ['settings', at.workingCalendar, t('calendar.working')], ['settings', at.webhooks, t('webhooks.title')], ['audit', at.audit, t('audit.title')],
  ]
  return all.filter(([right]) => catalogue.can(right)).map(([, to, name]) => [to, name])
}
