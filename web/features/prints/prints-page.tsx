import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { useDefinitions } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { LetterheadSheet } from './letterhead-sheet.tsx'
import css from './prints.module.css'

/** Papers that can be made of a record. */
export default function PrintsPage() {
  const catalogue = useCatalogue()
  const may = catalogue.can('definitions')
  const { data, error, refetch } = useDefinitions('print', may)
  const head = useDefinitions('letterhead', may)
  const [editing, setEditing] = useState(false)
  if (!may) return <NoRight title={t('prints.title')} right={t('definitions.title')} />
  const all = [...(data ?? [])].sort((a, b) => a.body.order - b.body.order)
  return (
    <Page title={t('prints.title')} hint={t('prints.hint')} acts={<><Button disabled={!head.data} onClick={() => setEditing(true)}>{t('prints.letterhead')}</Button><Link to={at.print('new')} className={css.primary}>{t('prints.new')}</Link></>}>
      <Panel label={t('prints.title')}>
        {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={4} height={56} /> : all.length === 0 ? <Empty icon="form" title={t('prints.empty')}>{t('prints.emptyHelp')}</Empty> : <ul>{all.map(({ key, body }) => (
          <li key={key}><Link to={at.print(key)} className={css.row}><b>{label(body.label)}</b><span className="hint">{t('prints.about', { object: label(catalogue.object(body.object)?.label) || body.object, n: body.blocks.length })}</span></Link></li>
        ))}</ul>}
      </Panel>
      {editing && <LetterheadSheet stored={head.data?.[0]} onClose={() => setEditing(false)} />}
    </Page>
  )
}
