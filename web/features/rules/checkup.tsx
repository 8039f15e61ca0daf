import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Icon } from '../../design/icons.tsx'
import { Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './rules.module.css'

/** What is worth knowing of the rules that are on; nothing is shown where there is nothing. */
export function Checkup() {
  const { data } = useQuery({ queryKey: ['ruleCheckup'], queryFn: ({ signal }) => call('ruleCheckup', {}, { signal }), retry: false })
  if (!data || data.items.length === 0) return null
  return (
    <Panel title={t('rules.checkup')} hint={t('rules.checkupHint', { n: data.items.length, of: data.rules })}>
      <ul>
        {data.items.map((item) => (
          <li key={item.rule} className={css.checkup}>
            <Link to={at.rule(item.rule)} className="link">{label(item.label)}</Link>
            <ul>{item.warnings.map((warning) => <li key={label(warning.message)} data-code={warning.code}><Icon name={warning.code === 'untested' ? 'history' : 'alert'} />{label(warning.message)}</li>)}</ul>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
