import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { at } from '../../app/paths.ts'
import { ago } from '../../design/format.ts'
import { Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { Member } from '../records/value.tsx'
import css from './audit.module.css'

const FOUND_BY = new Set(['text', 'phone', 'email', 'url'])

/** Who made a record anew instead of looking for the one that was there; pressed, the latest. */
export function MadeTwice({ object, field: key }: { object: string; field: string }) {
  const field = useCatalogue().object(object)?.field.get(key)
  const asked = field !== undefined && FOUND_BY.has(field.kind)
  const { data } = useQuery({ queryKey: keys.audit({ twice: true, object, field: key }), queryFn: ({ signal }) => call('auditTwice', { query: { object, field: key } }, { signal }), enabled: asked, retry: false })
  if (!asked || !data || data.rows.length === 0) return null
  const title = t('audit.twice', { field: label(field.label) })
  return (
    <Panel title={title} label={title} hint={t('audit.twiceHint')}>
      <ul>{data.rows.map(({ member, times, record, title: name, last }) => (
        <li key={member}><Link to={at.record(object, record)} className={css.most}>
          <Member id={member} />
          <b className="num">{t('audit.twiceTimes', { n: times })}</b>
          <span className={css.mostName}>{t('audit.twiceLast', { name })}</span>
          <time className="hint" dateTime={last}>{ago(last)}</time>
        </Link></li>
      ))}</ul>
    </Panel>
  )
}
