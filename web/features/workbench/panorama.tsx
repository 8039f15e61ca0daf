import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { PanoramaShape } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, keepPreviousData } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { listWith, To } from '../../app/to.tsx'
import { IconButton } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { ago } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Facts, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { subtitleOf } from '../records/subtitle.ts'
import { Value, isBlank, valueOf } from '../records/value.tsx'
import css from './panorama.module.css'

/** Somebody calls: a name or a phone brings everything about them onto one card. */
export function Panorama() {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const asked = useDeferredValue(text.trim())
  const { data, error } = useQuery({ queryKey: keys.panoramaSearch(asked), queryFn: ({ signal }) => call('findPanorama', { query: { q: asked } }, { signal }), enabled: asked !== '' && chosen === null, placeholderData: keepPreviousData })
  const put = (next: string) => { setText(next); setChosen(null) }
  return (
    <div className={css.whole}>
      <Input type="search" className={css.find!} aria-label={t('workbench.panoramaFind')} placeholder={t('workbench.panoramaFind')} value={text} maxLength={100} onText={put} before={<Icon name="search" />}
        onKeyDown={(event) => { const first = data?.found[0]; if (event.key === 'Enter' && first) setChosen(first.id) }} />
      {chosen ? <Card id={chosen} onClose={() => setChosen(null)} /> : (
        <Panel label={t('workbench.panorama')}>
          {error ? <Failure error={error} /> : asked === '' || !data ? <Empty icon="search" title={t('workbench.panoramaStart')}>{t('workbench.panoramaStartHelp')}</Empty>
            : data.found.length === 0 ? <Empty icon="search" title={t('workbench.panoramaNone')}>{t('workbench.panoramaNoneHelp')}</Empty>
            : <ul>{data.found.map((each) => <li key={each.id}><button type="button" className={css.found} onClick={() => setChosen(each.id)}><b>{each.title}</b>{each.hint && <span className="hint">{each.hint}</span>}</button></li>)}</ul>}
        </Panel>
      )}
    </div>
  )
}

function Card({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery({ queryKey: keys.panorama(id), queryFn: () => call('panorama', { params: { id } }) })
  if (error) return <Panel label={t('workbench.panorama')}><Failure error={error} onRetry={refetch} /></Panel>
  if (!data) return <Panel label={t('workbench.panorama')}><Skeleton rows={6} height={44} /></Panel>
  return (
    <section className={css.card} aria-label={t('workbench.panorama')}>
      <Panel title={data.record.title} acts={<><To to={at.record(data.record.object, id)} className="link">{t('workbench.openRecord')}</To><IconButton small icon="close" label={t('common.close')} onClick={onClose} /></>} flush={false}><Particulars card={data} /></Panel>
      {data.parts.map((part) => <Part key={part.key} part={part} related={data.related} />)}
    </section>
  )
}

/** The first of its own fields that say something. */
const SHOWN = 8
function Particulars({ card: { record, related } }: { card: PanoramaShape }) {
  const object = useCatalogue().object(record.object)
  const fields = (object?.fields ?? []).filter((field) => field.key !== object?.title && !isBlank(valueOf(record, field.key)) && (!field.base || field.key === 'owner')).slice(0, SHOWN)
  return <div className={css.facts}><Facts facts={fields.map((field) => [label(field.label), <Value key={field.key} field={field} value={valueOf(record, field.key)} related={related} />] as const)} /></div>
}

function Part({ part, related }: { part: PanoramaShape['parts'][number]; related: PanoramaShape['related'] }) {
  const catalogue = useCatalogue()
  return (
    <Panel title={label(part.title)} hint={part.records.length > 0 ? `${part.records.length}${part.more ? '+' : ''}` : undefined}>
      {part.records.length === 0 ? <p className={css.none}>{t('workbench.nothingHere')}</p> : (
        <ul>{part.records.map((row) => <li key={row.id}><To to={at.record(row.object, row.id)} className={css.row!}><span className="clip">{row.title}</span><time className="hint" dateTime={String(row.values['created_at'])}>{ago(String(row.values['created_at']))}</time><span className={css.sub}>{subtitleOf(catalogue, row, related)}</span></To></li>)}</ul>
      )}
      {part.more && <To to={listWith(at.list(part.object), part.filter)} className={css.all!}>{t('workbench.seeAll')}</To>}
    </Panel>
  )
}
