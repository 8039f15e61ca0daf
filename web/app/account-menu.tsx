import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState, useSyncExternalStore } from 'react'
import { useCatalogue } from '../api/catalogue.ts'
import { call } from '../api/client.ts'
import { enter, signOutTo, useMe } from '../api/session.ts'
import { Confirm } from '../design/dialog.tsx'
import { Choice } from '../design/field.tsx'
import { Icon } from '../design/icons.tsx'
import { Avatar } from '../design/pieces.tsx'
import { Menu, type MenuEntry } from '../design/popover.tsx'
import { onTheme, setTheme, theme, type Theme } from '../design/theme.ts'
import { label, lang, setLang, t } from '../i18n/index.ts'
import { speak } from '../api/client.ts'
import css from './nav.module.css'
import { at, tenantPrefix } from './paths.ts'

/** Who sits here, and what concerns only them. */
export function Account() {
  const me = useMe()
  const [open, setOpen] = useState(false)
  const [reset, setReset] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  const entries = [...useRoles(open), ...useLooks(), ...useOwnPages(), ...(me.tenant.demo ? [demoReset(() => setReset(true))] : []), useSignOut()]
  return (
    <>
      <button ref={anchor} type="button" className={css.account} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Avatar text={me.avatar} size={28} />
        <span className={css.who}><b className="clip">{me.name}</b><span className="hint clip">{me.job ?? me.roles.map((role) => label(role.label)).join(t('common.listGap'))}</span></span>
        <Icon name="more" />
      </button>
      {open && <Menu anchor={anchor} label={me.name} side="above" entries={entries} onClose={() => setOpen(false)} />}
      {reset && <Confirm title={t('shell.resetDemo')} act={t('shell.resetDemo')} onClose={() => setReset(false)} onAct={async () => { await call('demoReset', {}); location.assign(`${tenantPrefix()}/`) }}>{t('shell.resetDemoHelp')}</Confirm>}
    </>
  )
}

const demoReset = (onPick: () => void): MenuEntry => ({ key: 'reset', label: t('shell.resetDemo'), icon: 'refresh', onPick })

/** On demo data, on the machine itself: sit down on another chair with one press. */
function useRoles(open: boolean): MenuEntry[] {
  const me = useMe()
  const { data } = useQuery({ queryKey: ['demo-cards'], queryFn: () => call('demoCards', {}), enabled: open && me.tenant.demo, retry: false, staleTime: Infinity })
  if (!data) return []
  const sit = async (member: number) => { enter(await call('demoSignIn', { body: { member } })); location.assign(`${tenantPrefix()}/`) }
  const cards = data.cards.map((card): MenuEntry => ({ key: `role-${card.member}`, label: card.name, hint: [card.job ?? label(card.roleLabel), card.team].filter(Boolean).join(' · '), checked: card.member === me.id, onPick: () => void sit(card.member) }))
  return [{ heading: t('shell.switchRole') }, ...cards, 'line']
}

function useLooks(): MenuEntry[] {
  const chosen = useSyncExternalStore(onTheme, theme)
  const looks: { value: Theme; label: string }[] = [{ value: 'system', label: t('shell.themeSystem') }, { value: 'light', label: t('shell.themeLight') }, { value: 'dark', label: t('shell.themeDark') }]
  const tongue = lang() === 'zh' ? 'en' : 'zh'
  return [
    { custom: <Choice label={t('shell.theme')} value={chosen} options={looks} onChoose={setTheme} /> }, 'line',
    { key: 'lang', label: tongue === 'en' ? 'English' : '中文', hint: t('shell.language'), onPick: () => void setLang(tongue).then(speak) },
  ]
}

function useOwnPages(): MenuEntry[] {
  const navigate = useNavigate()
  const exporting = useCatalogue().objects.some((object) => object.can.export)
  return [...(exporting ? [{ key: 'exports', label: t('shell.exports'), icon: 'download', onPick: () => void navigate({ to: at.exports }) } as const] : []), { key: 'own', label: t('ownAutomation.title'), icon: 'bolt', onPick: () => void navigate({ to: at.ownAutomation }) }, { key: 'absences', label: t('absences.title'), icon: 'calendar', onPick: () => void navigate({ to: at.absences }) }, { key: 'account', label: t('shell.account'), icon: 'user', onPick: () => void navigate({ to: at.account }) }]
}

function useSignOut(): MenuEntry {
  return { key: 'out', label: t('shell.signOut'), icon: 'external', onPick: () => signOutTo(`${tenantPrefix()}${at.signIn}`) }
}
