import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RouteAnswer, Routes } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Button } from '../../design/button.tsx'
import { Confirm } from '../../design/dialog.tsx'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './company-sign-in.module.css'
import { Linked } from './linked.tsx'
import { ProviderForm } from './provider-form.tsx'

export type Provider = RouteAnswer<Routes['signInProviders']>['providers'][number]
const providersQuery = { queryKey: ['sign-in-providers'], queryFn: () => call('signInProviders', {}) }
const again = () => queries.invalidateQueries({ queryKey: providersQuery.queryKey })
type Open = { is: 'form'; provider: Provider | null } | { is: 'linked' | 'removing'; provider: Provider } | null

/** Where members sign in with the company's own account. */
export default function CompanySignInPage() {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useQuery({ ...providersQuery, enabled: catalogue.can('members') })
  const [open, setOpen] = useState<Open>(null)
  const close = () => { setOpen(null); void again() }
  if (!catalogue.can('members')) return <NoRight title={t('companySignIn.title')} right={t('roles.right_members')} />
  return (
    <Page title={t('companySignIn.title')} hint={t('companySignIn.hint')} acts={<Button look="primary" icon="plus" onClick={() => setOpen({ is: 'form', provider: null })}>{t('companySignIn.connect')}</Button>}>
      <Panel label={t('companySignIn.title')}>
        {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={2} height={56} /> : data.providers.length === 0 ? <Empty icon="lock" title={t('companySignIn.none')}>{t('companySignIn.noneHelp')}</Empty> : (
          <ul>{data.providers.map((provider) => <Row key={provider.key} provider={provider} onOpen={setOpen} />)}</ul>
        )}
      </Panel>
      <p className="hint">{t('companySignIn.secondFactor')}</p>
      {open?.is === 'form' && data && <ProviderForm provider={open.provider} back={data.back} leave={data.leave} onClose={close} />}
      {open?.is === 'linked' && <Linked provider={open.provider} onClose={close} />}
      {open?.is === 'removing' && <Confirm title={t('companySignIn.removeNamed', { name: open.provider.name })} act={t('companySignIn.remove')} onClose={() => setOpen(null)} onAct={async () => { await call('deleteSignInProvider', { params: { key: open.provider.key } }); await again(); say(t('companySignIn.removed', { name: open.provider.name })) }}>{t('companySignIn.removeHelp')}</Confirm>}
    </Page>
  )
}

function Row({ provider, onOpen }: { provider: Provider; onOpen: (open: Open) => void }) {
  const { roles } = useCatalogue()
  const { name, issuer, active, domains, admits, role, linked } = provider
  const admitted = admits === 'matched' ? t('companySignIn.onlyMembers') : t('companySignIn.makesRole', { role: label(roles.find(({ key }) => key === role)?.label) })
  return (
    <li className={css.row}>
      <div className={css.what}>
        <div><b>{name}</b> {!active && <Tag colour="grey">{t('companySignIn.off')}</Tag>}</div>
        <div className="hint"><span className={css.issuer}>{issuer}</span></div>
        <div className="hint">{[domains.length > 0 ? domains.map((each) => `@${each}`).join(t('common.listGap')) : t('companySignIn.anyDomain'), admitted].join(' · ')}</div>
      </div>
      <div className={css.acts}>
        <Button small disabled={linked === 0} onClick={() => onOpen({ is: 'linked', provider })}>{t('companySignIn.linkedCount', { n: linked })}</Button>
        <Button small onClick={() => onOpen({ is: 'form', provider })}>{t('common.edit')}</Button>
        <Button small look="danger" onClick={() => onOpen({ is: 'removing', provider })}>{t('companySignIn.remove')}</Button>
      </div>
    </li>
  )
}
