import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Button } from '../../design/button.tsx'
import { Failure, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { ApiKeys } from './api-keys.tsx'
import { ImportMembers } from './import-members.tsx'
import { MemberForm } from './member-form.tsx'
import { MemberTable } from './member-table.tsx'
import { Teams } from './teams.tsx'

const Handover = lazy(() => import('./handover.tsx'))

export default function MembersPage() {
  const catalogue = useCatalogue()
  const [tab, setTab] = useState<'members' | 'teams' | 'keys'>('members')
  const [importing, setImporting] = useState(false)
  const [leaving, setLeaving] = useState<number | null>(null)
  const [editing, setEditing] = useState<number | 'new' | null>(null)
  const may = catalogue.can('members')
  const { data, error, refetch } = useQuery({ queryKey: keys.members, queryFn: () => call('members', {}), enabled: may })
  if (!may) return <NoRight title={t('members.title')} right={t('members.title')} />
  const members = data?.members
  const leaver = members?.find((member) => member.id === leaving)
  const open = typeof editing === 'number' ? members?.find((member) => member.id === editing) : undefined
  return (
    <Page title={t('members.title')} hint={members && t('members.hint', { n: members.filter((member) => member.state === 'active').length })} acts={tab === 'members' && <><Button onClick={() => setImporting(true)}>{t('members.import')}</Button><Button look="primary" onClick={() => setEditing('new')}>{t('members.invite')}</Button></>}>
      <Tabs label={t('members.title')} value={tab} onChoose={setTab} tabs={[{ value: 'members', label: t('members.title'), hint: members?.length }, { value: 'teams', label: t('members.teams'), hint: catalogue.teams.length }, { value: 'keys', label: t('members.keys') }]} />
      {tab === 'members' && <Panel label={t('members.title')}>{error ? <Failure error={error} onRetry={refetch} /> : !members ? <Skeleton rows={8} height={52} /> : <MemberTable members={members} onOpen={setEditing} />}</Panel>}
      {tab === 'teams' && <Teams members={members ?? []} />}
      {tab === 'keys' && <ApiKeys />}
      {importing && <ImportMembers onClose={() => setImporting(false)} />}
      {editing === 'new' && <MemberForm member={null} members={members ?? []} onClose={() => setEditing(null)} />}
      {open && <MemberForm key={open.id} member={open} members={members ?? []} onClose={() => setEditing(null)} onHandover={() => { setLeaving(open.id); setEditing(null) }} />}
      {leaver && <Suspense><Handover member={leaver} members={members ?? []} onClose={() => setLeaving(null)} /></Suspense>}
    </Page>
  )
}
