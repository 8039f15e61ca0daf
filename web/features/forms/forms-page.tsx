import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Form } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { useDefinitions } from '../../api/definitions.ts'
import { keys } from '../../api/keys.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { CopyButton } from '../../design/copy.tsx'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { countText } from '../records/count.ts'
import css from './forms.module.css'
import { publicUrl } from './links.ts'

/** Doors through which strangers come in. */
export default function FormsPage() {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useDefinitions('form')
  if (!catalogue.can('forms')) return <NoRight title={t('forms.title')} right={t('forms.title')} />
  return (
    <Page title={t('forms.title')} hint={t('forms.hint')} acts={<Link to={at.form('new')} className={css.primary}>{t('forms.new')}</Link>}>
      <Panel label={t('forms.title')}>
        {error ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={3} height={60} /> : data.length === 0 ? <Empty icon="form" title={t('forms.empty')}>{t('forms.emptyHelp')}</Empty> : <ul>{data.map(({ key, body }) => (
          <li key={key} className={css.row}>
            <Link to={at.form(key)} className={css.entry}><b>{label(body.label)}</b> {!body.active && <Tag>{t('forms.off')}</Tag>}<span className="hint">{t('forms.about', { object: label(catalogue.object(body.object)?.label), n: body.fields.length })}</span></Link>
            <Arrived form={body} />
            <code className="hint">{publicUrl(key)}</code><CopyButton text={publicUrl(key)}>{t('forms.copyLink')}</CopyButton>
          </li>
        ))}</ul>}
      </Panel>
    </Page>
  )
}

/** How many came in by it lately, as far as this member sees them; pressed, which ones. */
function Arrived({ form }: { form: Form }) {
  const object = useCatalogue().object(form.object)
  // What every submission of this form says names them.
  const said = Object.entries(form.constants).filter(([field]) => object?.field.has(field)).map(([field, value]) => ({ field, op: 'eq' as const, value }))
  const filter = { all: [...said, { field: 'created_at', op: 'withinLast' as const, value: '30d' }] }
  const { data } = useQuery({ queryKey: keys.list(form.object, { filter, count: true }), queryFn: ({ signal }) => call('countRecords', { params: { object: form.object }, query: { filter } }, { signal }), enabled: object?.can.read === true && said.length > 0 })
  return data && <Link to={at.list(form.object)} search={{ filter } as never} className={css.arrived}>{t('forms.arrived', { n: countText(data) })}</Link>
}
