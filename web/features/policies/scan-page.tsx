import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './policies.module.css'

const SEVERITIES = ['high', 'medium'] as const
const pathOf = { role: at.role, policy: at.policy, members: () => at.members }

/** What is risky in roles and policies as they stand, each with the page where it is mended. */
export default function ScanPage() {
  const may = useCatalogue().can('members')
  const { data, error, refetch, isFetching } = useQuery({ queryKey: ['scanRights'], enabled: may, retry: false, staleTime: 0, queryFn: ({ signal }) => call('scanRights', {}, { signal }) })
  if (!may) return <NoRight title={t('policies.scan')} right={t('members.title')} />
  return (
    <Page title={t('policies.scan')} hint={data ? t('policies.scanHint', { n: data.members }) : t('policies.scanWhat')} acts={<Button icon="refresh" busy={isFetching} onClick={() => void refetch()}>{t('policies.scanAgain')}</Button>}>
      {error ? <Panel label={t('policies.scan')}><Failure error={error} onRetry={refetch} /></Panel> : !data ? <Panel label={t('policies.scan')}><Skeleton rows={4} height={48} /></Panel>
        : data.risks.length === 0 ? <Panel label={t('policies.scan')}><Empty icon="check" title={t('policies.scanClean')}>{t('policies.scanCleanHelp')}</Empty></Panel>
        : SEVERITIES.map((severity) => ({ severity, risks: data.risks.filter((risk) => risk.severity === severity) })).filter(({ risks }) => risks.length > 0).map(({ severity, risks }) => (
          <Panel key={severity} title={t(`policies.risk_${severity}`, { n: risks.length })}>
            <ul>{risks.map((risk) => (
              <li key={risk.message.zh} className={css.risk}>
                <span>{label(risk.message)}</span>
                <span className={css.fixes}>{risk.fixes.map((fix) => <Link key={fix.kind + fix.key} to={pathOf[fix.kind](fix.key)} className="link" aria-label={t('policies.mend', { name: label(fix.label) })}>{fix.kind === 'policy' ? t('policies.mendIt') : t('policies.mend', { name: label(fix.label) })}</Link>)}</span>
              </li>
            ))}</ul>
          </Panel>
        ))}
    </Page>
  )
}
