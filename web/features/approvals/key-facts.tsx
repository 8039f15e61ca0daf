import { useQuery } from '@tanstack/react-query'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { Facts, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { arranged, shownIn } from '../records/layout.ts'
import { isBlank, Value, valueOf } from '../records/value.tsx'
import css from './approvals.module.css'
import type { Approval } from './query.ts'

const SHOWN = 8

/** Enough of the record to decide by; the rest is one press away. */
export function KeyFacts({ record: { object: key, id, title } }: { record: NonNullable<Approval['record']> }) {
  const object = useCatalogue().object(key)
  const { data, error, refetch } = useQuery({ queryKey: keys.record(key, id), queryFn: ({ signal }) => call('getRecord', { params: { object: key, id } }, { signal }), enabled: Boolean(object) })
  const name = label(object?.label) || t('approvals.record')
  return (
    <Panel title={name} label={name} acts={<To to={at.record(key, id)} className="link">{t('approvals.openRecord')}</To>} flush={false}>
      <p className={css.name}>{title || t('records.untitled')}</p>
      {error ? <Failure small error={error} onRetry={refetch} /> : !data || !object ? <Skeleton rows={4} height={32} /> : <Told object={object} data={data} />}
    </Panel>
  )
}

function Told({ object, data: { record, related } }: { object: ObjectFacts; data: { record: Parameters<typeof valueOf>[0]; related: Parameters<typeof Value>[0]['related'] } }) {
  const layout = useCatalogue().layout(object.key)
  const said = object.fields.filter((field) => !field.retired && field.key !== object.title && field.kind !== 'file' && (!field.base || field.key === 'owner' || field.key === 'tags') && !isBlank(valueOf(record, field.key)) && valueOf(record, field.key) !== false)
  const fields = arranged(layout, shownIn(layout, said, 'page'), () => '').flatMap(([, some]) => some)
  const first = [...fields.filter(({ key }) => object.subtitle?.includes(key)), ...fields.filter(({ kind, key }) => kind === 'money' && !object.subtitle?.includes(key)), ...fields.filter(({ kind, key }) => kind !== 'money' && !object.subtitle?.includes(key))].slice(0, SHOWN)
  return <div className={css.facts}><Facts facts={first.map((field) => [label(field.label), <Value key={field.key} field={field} value={valueOf(record, field.key)} related={related} />] as const)} /></div>
}
