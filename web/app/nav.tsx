import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../api/catalogue.ts'
import { useMe } from '../api/session.ts'
import { remember, remembered } from '../design/theme.ts'
import { useApprovalsWaiting } from '../features/approvals/waiting.ts'
import { activityOf, takesFollowUps } from '../features/followup/activity.ts'
import { label, t } from '../i18n/index.ts'
import { workbenchQuery } from '../features/workbench/query.ts'
import { Account } from './account-menu.tsx'
import css from './nav.module.css'
import { at } from './paths.ts'

export function Nav() {
  const catalogue = useCatalogue()
  const me = useMe()
  const own = catalogue.views.filter((view) => view.owner === me.id)
  return (
    <nav className={css.nav} aria-label={t('shell.navigation')}>
      <Link to={at.home} className={css.brand}>{t('common.product')} <i>·</i> <span className="clip">{catalogue.tenant.name}</span></Link>
      <div className={css.scroll}>
        <Item to={at.home} exact count={<TodayCount />}>{t('workbench.title')}</Item>
        <Item to={at.approvals} count={<AskedCount />}>{t('approvals.title')}</Item>
        {catalogue.objects.some((object) => object.event && object.can.read) && <Item to={at.calendar}>{t('calendar.title')}</Item>}
        {catalogue.objects.some((object) => object.shift && object.can.read) && <Item to={at.shifts}>{t('shifts.title')}</Item>}
        {catalogue.assigning.length > 0 && <Item to={at.unassigned}>{t('unassigned.title')}</Item>}
        {catalogue.poolings.length > 0 && <Item to={at.pools}>{t('pools.title')}</Item>}
        <Objects catalogue={catalogue} />
        <Section title={t('shell.running')}>{workings(catalogue).map(([to, name]) => <Item key={to} to={to}>{name}</Item>)}</Section>
        {own.length > 0 && <Section title={t('shell.myViews')}>{own.map((view) => <Item key={view.key} to={at.list(view.object)} search={{ view: view.key }}>{label(view.label)}</Item>)}</Section>}
      </div>
      <Account />
    </nav>
  )
}

/** What people follow up stands open; the rest is one press away, and stays where it was put. */
function Objects({ catalogue }: { catalogue: Catalogue }) {
  const [all, setAll] = useState(remembered(ALL) === 'yes')
  const here = useRouterState({ select: (state) => state.location.pathname })
  const [main, others] = daily(catalogue)
  const toggle = () => { setAll(!all); remember(ALL, all ? 'no' : 'yes') }
  const shown = all ? others : others.filter((object) => here.startsWith(at.list(object.key)))
  return (
    <>
      {[...main, ...shown].map((object) => <Item key={object.key} to={at.list(object.key)}>{label(object.label)}</Item>)}
      {others.length > 0 && <button type="button" className={css.fold} aria-expanded={all} onClick={toggle}>{t(all ? 'shell.less' : 'shell.moreObjects', { n: others.length })}</button>}
    </>
  )
}

const ALL = 'nextmove.nav.all'
const MOST = 8
const FEW = 4
function daily(catalogue: Catalogue): [ObjectFacts[], ObjectFacts[]] {
  const readable = catalogue.objects.filter((object) => !object.hidden && object.can.read)
  const activity = activityOf(catalogue)
  const isDaily = (object: ObjectFacts) => takesFollowUps(activity, object.key) || object.load !== undefined || object.key === 'task'
  const rank = (object: ObjectFacts) => { const at = activity && activity.subjects !== '*' ? [...activity.subjects].indexOf(object.key) : 0; return at === -1 ? 99 : at }
  const daily = readable.filter(isDaily)
  // Whoever follows up nobody works with what they make, and with what that belongs to: a bookkeeper's payments and their contracts.
  const made = daily.length >= FEW ? [] : readable.filter((object) => object.can.create && !object.event)
  const whole = readable.filter(({ key }) => made.some((object) => object.fields.some((field) => field.required && field.kind === 'reference' && field.to === key)))
  const main = (readable.length <= MOST ? readable : readable.filter((object) => [daily, made, whole].some((some) => some.includes(object)))).sort((a, b) => rank(a) - rank(b))
  return [main, readable.filter((object) => !main.includes(object))]
}

/** Whoever makes such requests, or watches over them. */
const catalogueRight = (catalogue: Catalogue) => (catalogue.can('personal') ? 'personal' as const : 'audit' as const)

/** What keeps the place running, as far as this member may tend to it. */
export function workings(catalogue: Catalogue): [string, string][] {
  const all: [Parameters<Catalogue['can']>[0], string, string][] = [
    ['definitions', at.objects, t('definitions.title')], ['members', at.members, t('members.title')], ['members', at.roles, t('roles.title')], ['members', at.policies, t('policies.title')], ['members', at.companySignIn, t('companySignIn.title')], ['settings', at.workingCalendar, t('calendar.working')], ['settings', at.webhooks, t('webhooks.title')], ['settings', at.backups, t('backups.title')], ['definitions', at.configuration, t('shell.configuration')], ['audit', at.audit, t('audit.title')], [catalogueRight(catalogue), at.erasures, t('erasures.title')],
    [catalogue.can('rules') ? 'rules' : 'teamRules', at.rules, t('rules.title')], ['assignment', at.assignment, t('assignment.title')], ['forms', at.forms, t('forms.title')], ['definitions', at.deeds, t('deeds.title')], ['definitions', at.prints, t('prints.title')], ['intake', at.intake, t('intake.title')], ['intake', at.suggestions, t('suggestions.title')],
  ]
  const trash: [string, string][] = catalogue.objects.some((object) => object.can.delete && !object.immutable) ? [[at.trash, t('trash.title')]] : []
  const suggests: [string, string][] = !catalogue.can('intake') && catalogue.objects.some((object) => object.can.suggest) ? [[at.suggestions, t('suggestions.title')]] : []
  return [...suggests, ...all.filter(([right]) => catalogue.can(right)).map(([, to, name]): [string, string] => [to, name]), ...trash]
}

const Section = ({ title, children }: { title: string; children: ReactNode[] }) => children.length === 0 ? null : <><h2 className={css.section}>{title}</h2>{children}</>

function Item({ to, search, exact, count, children }: { to: string; search?: Record<string, string>; exact?: boolean; count?: ReactNode; children: ReactNode }) {
  return (
    <Link to={to} search={search ?? {}} activeOptions={{ exact: exact ?? false, includeSearch: Boolean(search) }} className={css.item} activeProps={{ className: css.on!, 'aria-current': 'page' }}>
      <span className="clip">{children}</span>{count}
    </Link>
  )
}

function TodayCount() {
  const { data } = useQuery({ ...workbenchQuery, enabled: false })
  const block = data?.blocks[0]
  return block && block.rows.length > 0 ? <em className="num">{block.rows.length}{block.more && '+'}</em> : null
}

function AskedCount() {
  const waiting = useApprovalsWaiting()
  return waiting > 0 ? <em className="num">{waiting}</em> : null
}
