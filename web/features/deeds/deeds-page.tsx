import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { useDefinitions } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './deeds.module.css'

/** What people do with records by one press: acts, and conversions of one record into others. */
export default function DeedsPage() {
  const catalogue = useCatalogue()
  const may = catalogue.can('definitions')
  const acts = useDefinitions('recordAct', may)
  const conversions = useDefinitions('conversion', may)
  if (!may) return <NoRight title={t('deeds.title')} right={t('definitions.title')} />
  return (
    <Page title={t('deeds.title')} hint={t('deeds.hint')} acts={<><Link to={at.conversion('new')} className={css.open}>{t('deeds.newConversion')}</Link><Link to={at.act('new')} className={css.primary}>{t('deeds.newAct')}</Link></>}>
      <Panel title={t('deeds.acts')} hint={t('deeds.actsHint')}>
        {acts.error ? <Failure error={acts.error} onRetry={acts.refetch} /> : !acts.data ? <Skeleton rows={4} height={48} /> : acts.data.length === 0 ? <p className={css.none}>{t('deeds.noActs')}</p>
          : <ul>{[...acts.data].sort((a, b) => a.body.object.localeCompare(b.body.object) || a.body.order - b.body.order).map(({ key, body }) => <Row key={key} to={at.act(key)} name={label(body.label)} about={nameOf(catalogue, body.object)}>{t('deeds.writes', { n: Object.keys(body.set).length + (body.release ? 1 : 0) })}{body.reason === 'required' && ` · ${t('deeds.mustSayWhy')}`}</Row>)}</ul>}
      </Panel>
      <Panel title={t('deeds.conversions')} hint={t('deeds.conversionsHint')}>
        {conversions.error ? <Failure error={conversions.error} onRetry={conversions.refetch} /> : !conversions.data ? <Skeleton rows={2} height={48} /> : conversions.data.length === 0 ? <p className={css.none}>{t('deeds.noConversions')}</p>
          : <ul>{conversions.data.map(({ key, body }) => <Row key={key} to={at.conversion(key)} name={label(body.label)} about={nameOf(catalogue, body.object)}>→ {body.targets.map(({ object }) => nameOf(catalogue, object)).join(t('common.listGap'))}</Row>)}</ul>}
      </Panel>
    </Page>
  )
}

export const nameOf = (catalogue: Catalogue, object: string): string => label(catalogue.object(object)?.label) || object

const Row = ({ to, name, about, children }: { to: string; name: string; about: string; children: ReactNode }) => (
  <li><Link to={to} className={css.row}><span className={css.names}><b>{name}</b><span className="hint">{about}</span></span><span className="hint">{children}</span></Link></li>
)
