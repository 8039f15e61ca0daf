import { useQuery } from '@tanstack/react-query'
import type { Rule } from '#language/definitions'
import { Link } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { call, keepPreviousData } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Icon } from '../../design/icons.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './rules.module.css'

/** The server reads the draft as it would publish it, and says what is wrong before anybody presses the button. */
export function RuleChecks({ rule }: { rule: Rule }) {
  const asked = useDeferredValue(rule)
  const ready = asked.actions.length > 0
  const { data, error } = useQuery({ queryKey: ['preview', asked], queryFn: ({ signal }) => call('previewSentence', { body: { rule: asked as unknown as Record<string, unknown> } }, { signal }), enabled: ready, placeholderData: keepPreviousData, retry: false, staleTime: Infinity })
  if (!ready) return <p className={css.check}>{t('rules.needsAction')}</p>
  if (error) return <p className={css.check} data-bad="true" role="alert"><Icon name="alert" />{sentenceOf(error)}</p>
  if (!data) return <p className={css.check}>&nbsp;</p>
  if (data.problems.length > 0) return <ul className={css.check} data-bad="true" role="alert">{data.problems.map((problem) => <li key={`${problem.path}-${problem.code}`}><Icon name="alert" />{label(problem.message)}</li>)}</ul>
  const untested = data.warnings?.some(({ code }) => code === 'untested')
  const warnings = (data.warnings ?? []).filter(({ code }) => code !== 'untested')
  return (
    <>
      <p className={css.check}><Icon name="check" />{t('rules.checked')}{untested && <span className="quiet">{t('rules.untested')}</span>}</p>
      {warnings.length > 0 && <ul className={css.check} data-warn="true" aria-label={t('rules.warnings')}>{warnings.map((warning) => <li key={label(warning.message)}><Icon name="alert" /><span>{label(warning.message)}{warning.rules.filter((key) => key !== rule.key).map((key) => <Link key={key} to={at.rule(key)} className="link">{t('rules.lookAt')}</Link>)}</span></li>)}</ul>}
    </>
  )
}
