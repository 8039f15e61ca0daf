import { useQuery } from '@tanstack/react-query'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { ago } from '../../design/format.ts'
import { Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { isBlank, Member, textOf } from '../records/value.tsx'
import css from './audit.module.css'

const DAYS = 14

/** Who moved this field of one record again and again in the last days; pressed, every single change. */
export function MostChanged({ object, field: key, onPick }: { object: string; field: string; onPick: (member: number, record: string) => void }) {
  const catalogue = useCatalogue()
  const field = catalogue.object(object)?.field.get(key)
  const { data } = useQuery({ queryKey: keys.audit({ most: true, object, field: key }), queryFn: ({ signal }) => call('auditMost', { query: { object, field: key, days: DAYS } }, { signal }), enabled: field !== undefined, retry: false })
  if (!field || !data || data.rows.length === 0) return null
  const text = (value: unknown) => (isBlank(value) ? t('common.none') : textOf(catalogue, field, value, {}))
  const title = t('audit.most', { n: DAYS, field: label(field.label) })
  return (
    <Panel title={title} label={title} hint={t('audit.mostHint')}>
      <ul>{data.rows.map(({ member, record, title: name, times, before, after, last }) => (
        <li key={`${member} ${record}`}><button type="button" className={css.most} onClick={() => onPick(member, record)}>
          <Member id={member} />
          <span className={css.mostName}>{name}</span>
          <b className="num">{t('audit.times', { n: times })}</b>
          <span className="num">{text(before)} → <b>{text(after)}</b></span>
          <time className="hint" dateTime={last}>{ago(last)}</time>
        </button></li>
      ))}</ul>
    </Panel>
  )
}
