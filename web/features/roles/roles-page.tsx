import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { useDefinitions, type Definition } from '../../api/definitions.ts'
import { keys } from '../../api/keys.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { NewRole } from './new-role.tsx'
import { RoleSheet } from './role-sheet.tsx'
import css from './roles.module.css'

const Versions = lazy(() => import('./role-versions.tsx'))

/** Who may do what: one role at a time, every cell in force as soon as it is changed. */
export default function RolesPage() {
  const catalogue = useCatalogue()
  const { key } = useParams({ strict: false }) as { key?: string }
  const [making, setMaking] = useState(false)
  const may = catalogue.can('members')
  const { data, error, refetch } = useDefinitions('role', may)
  const { data: people } = useQuery({ queryKey: keys.members, queryFn: () => call('members', {}), enabled: may })
  if (!may) return <NoRight title={t('roles.title')} right={t('members.title')} />
  const roles = data && ordered(data, catalogue.roles.map((role) => role.key))
  const chosen = roles?.find((role) => role.key === key) ?? roles?.[0]
  const holders = (role: string) => (people?.members ?? []).filter((member) => member.roles.includes(role) && member.state === 'active')
  return (
    <Page wide title={t('roles.title')} hint={t('roles.hint')} acts={<Button look="primary" onClick={() => setMaking(true)}>{t('roles.make')}</Button>}>
      {error ? <Failure error={error} onRetry={refetch} /> : !roles || !chosen ? <Panel label={t('roles.title')}><Skeleton rows={8} /></Panel> : (
        <div className={css.columns}>
          <Panel label={t('roles.list')}>
            <ul>{roles.map((role) => <li key={role.key}><Link to={at.role(role.key)} className={cx(css.role, role.key === chosen.key && css.on)} aria-current={role.key === chosen.key ? 'page' : undefined}><span className="grow clip">{label(role.body.label)}</span><span className="hint num">{holders(role.key).length}</span></Link></li>)}</ul>
          </Panel>
          <div className={css.narrow}><Jump roles={roles} chosen={chosen.key} /></div>
          <Chosen key={chosen.key} stored={chosen} holders={holders(chosen.key)} />
        </div>
      )}
      {making && roles && <NewRole roles={roles} onClose={() => setMaking(false)} />}
    </Page>
  )
}

/** In the order in which they were set up. */
const ordered = (roles: readonly Definition<'role'>[], order: readonly string[]): Definition<'role'>[] => [...roles].sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key))

function Jump({ roles, chosen }: { roles: readonly Definition<'role'>[]; chosen: string }) {
  const navigate = useNavigate()
  return <Picker label={t('roles.list')} value={chosen} options={roles.map((role) => ({ value: role.key, label: label(role.body.label) }))} onPick={(key) => { if (key) void navigate({ to: at.role(key) }) }} />
}

function Chosen({ stored, holders }: { stored: Definition<'role'>; holders: readonly { id: number; name: string; job: string | null }[] }) {
  const [history, setHistory] = useState(false)
  return (
    <>
      <RoleSheet stored={stored} holders={holders} onHistory={() => setHistory(true)} />
      {history && <Suspense><Versions stored={stored} onClose={() => setHistory(false)} /></Suspense>}
    </>
  )
}
