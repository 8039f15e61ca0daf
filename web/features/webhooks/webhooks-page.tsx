import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RouteAnswer, Routes } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Confirm } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './webhooks.module.css'

type Shape = RouteAnswer<Routes['webhooks']>
const webhooksQuery = { queryKey: ['webhooks'], queryFn: () => call('webhooks', {}) }

/** Where rules post to, and the key by which receivers know that it was us. */
export default function WebhooksPage() {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useQuery({ ...webhooksQuery, enabled: catalogue.can('settings') })
  if (!catalogue.can('settings')) return <NoRight title={t('webhooks.title')} right={t('roles.right_settings')} />
  return (
    <Page title={t('webhooks.title')} hint={t('webhooks.hint')}>
      {!data ? <Panel label={t('webhooks.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={4} />}</Panel> : <><SigningKey stored={data.key} /><Destinations items={data.destinations} /></>}
    </Page>
  )
}

function SigningKey({ stored }: { stored: Shape['key'] }) {
  const [asking, setAsking] = useState(false)
  const show = useMutation({ mutationFn: () => call('showSigningKey', {}) })
  const change = async () => { await call('changeSigningKey', {}); show.reset(); await queries.invalidateQueries({ queryKey: webhooksQuery.queryKey }); say(t('webhooks.changed')) }
  const copy = () => { void navigator.clipboard?.writeText(show.data!.key); say(t('common.copied')) }
  return (
    <Panel title={t('webhooks.key')} hint={stored.since ? t('webhooks.since', { at: clockTime(stored.since) }) : t('webhooks.first')} flush={false}>
      <div className={css.key}>
        <code aria-label={t('webhooks.key')}>{show.data?.key ?? 'nm_••••••••••••••••'}</code>
        {show.data ? <><Button small icon="copy" onClick={copy}>{t('common.copy')}</Button><Button small onClick={() => show.reset()}>{t('webhooks.hide')}</Button></> : <Button small busy={show.isPending} onClick={() => show.mutate()}>{t('webhooks.show')}</Button>}
        <Button small look="danger" onClick={() => setAsking(true)}>{t('webhooks.change')}</Button>
      </div>
      {show.error && <Failure small error={show.error} />}
      {stored.previousUntil && <p role="status">{t('webhooks.overlap', { at: clockTime(stored.previousUntil) })}</p>}
      {stored.previousUntil && show.data?.previous && <p className="hint">{t('webhooks.previous')}<code>{show.data.previous}</code></p>}
      <p className="hint">{t('webhooks.verify')}<code>X-Nextmove-Signature</code>{t('webhooks.verifyHow')}</p>
      {asking && <Confirm title={t('webhooks.change')} act={t('webhooks.change')} onAct={change} onClose={() => setAsking(false)}>{t('webhooks.changeHelp')}</Confirm>}
    </Panel>
  )
}

function Destinations({ items }: { items: Shape['destinations'] }) {
  return (
    <Panel title={t('webhooks.destinations')}>
      {items.length === 0 ? <Empty icon="link" title={t('webhooks.none')}>{t('webhooks.noneHelp')}</Empty> : (
        <ul>
          {items.map(({ url, rules, waiting }) => (
            <li key={url} className={css.row}>
              <code className="grow">{url}</code>
              <span className={css.rules}>{rules.map(({ key, label: name, on }) => <Link key={key} to={at.rule(key)} className="link">{label(name)}{on ? '' : t('webhooks.off')}</Link>)}</span>
              {waiting > 0 && <span className="hint">{t('webhooks.waiting', { n: waiting })}</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
