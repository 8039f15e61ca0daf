import { useQuery } from '@tanstack/react-query'
import type { RecordShape } from '#contract/api'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { useLive } from '../../api/live.ts'
import { at } from '../../app/paths.ts'
import { listWith, To } from '../../app/to.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Qr } from '../../design/qr.tsx'
import { t } from '../../i18n/index.ts'
import css from './openings.module.css'

/** The address of a tracking link to hand out, and what came of it. */
export default function OpeningsPanel({ object, record }: { object: ObjectFacts; record: RecordShape }) {
  const { data, error, refetch } = useQuery({ queryKey: [...keys.record(object.key, record.id), 'openings'], queryFn: ({ signal }) => call('linkOpenings', { params: { object: object.key, id: record.id } }, { signal }) })
  useLive({ kind: 'record', object: object.key, id: record.id }, () => void refetch())
  if (error) return <Panel title={t('links.title')} flush={false}><Failure small error={error} onRetry={refetch} /></Panel>
  if (!data) return <Panel title={t('links.title')} flush={false}><Skeleton rows={3} height={28} /></Panel>
  const personal = object.track?.subject !== undefined && record.values[object.track.subject] != null
  const numbers = [[t('links.clicks'), data.clicks], [t('links.visitors'), data.visitors], [t('links.known'), data.known]] as const
  return (
    <Panel title={t('links.title')} flush={false} className={css.panel}>
      {data.url ? <div className={css.address}><code>{data.url}</code><CopyButton text={data.url} /></div> : <p className="hint">{t('links.off')}</p>}
      {data.url && !personal && <Qr text={data.url} label={t('links.code')} size={116} />}
      {data.url && <p className="hint">{t(personal ? 'links.personal' : 'links.open')}</p>}
      <dl className={css.numbers}>{numbers.map(([name, n]) => <div key={name}><dt>{name}</dt><dd className="num">{n}</dd></div>)}</dl>
      {data.machines > 0 && <p className="hint">{t('links.machines', { n: data.machines })}</p>}
      {data.known > 0 && <Came object={object} id={record.id} />}
    </Panel>
  )
}

/** The records that came by it, as far as the reader sees them. */
function Came({ object, id }: { object: ObjectFacts; id: string }) {
  const catalogue = useCatalogue()
  const into = object.track?.into
  const holder = catalogue.objects.find((each) => each.can.read && into !== undefined && each.field.get(into)?.to === object.key)
  if (!holder || !into) return null
  return <To to={listWith(at.list(holder.key), { field: into, op: 'eq', value: id })} className="link">{t('links.came')}</To>
}
