import { useCatalogue } from '../../api/catalogue.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { number } from '../../design/format.ts'
import { useKeptFocus } from '../../design/kept-focus.ts'
import { t } from '../../i18n/index.ts'
import { RuleRuns } from './rule-runs.tsx'
import { useHealth } from './use-health.ts'

/** What all rules have done: what waits, what failed, and events that no rule could answer. */
export default function RunsPage() {
  useKeptFocus()
  const catalogue = useCatalogue()
  const health = useHealth(catalogue.can('rules'))
  if (!catalogue.can('rules')) return <NoRight title={t('rules.runs')} right={t('rules.title')} />
  const hint = health && t('rules.runsHint', { waiting: number(health.waiting), failed: number(health.failed), parked: number(health.parked) })
  return <Page title={t('rules.runs')} hint={hint}><RuleRuns /></Page>
}
