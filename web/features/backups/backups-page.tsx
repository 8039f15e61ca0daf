import { useMutation, useQuery } from '@tanstack/react-query'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { Button } from '../../design/button.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Facts, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import css from '../deletions/deletions.module.css'

const LOOK_MS = 2_000
const backupsQuery = { queryKey: ['backups'], queryFn: () => call('backups', {}), refetchInterval: ({ state: { data } }: { state: { data: { making: boolean } | undefined } }) => (data?.making ? LOOK_MS : false as const) }
const MB = 1_048_576
const size = (bytes: number): string => (bytes < MB ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MB).toFixed(1)} MB`)

/** Whether last night's backup is there, and how much work could be lost. */
export default function BackupsPage() {
  const catalogue = useCatalogue()
  const { data, error, refetch } = useQuery({ ...backupsQuery, enabled: catalogue.can('settings') })
  const make = useMutation({ mutationFn: () => call('makeBackup', {}), onSuccess: async () => { say(t('backups.begun')); await queries.invalidateQueries({ queryKey: backupsQuery.queryKey }) } })
  if (!catalogue.can('settings')) return <NoRight title={t('backups.title')} right={t('roles.right_settings')} />
  const items = data?.items
  const newest = items?.[0]
  const acts = items && <Button look="primary" busy={make.isPending || data.making} onClick={() => make.mutate()}>{t(data.making ? 'backups.making' : 'backups.make')}</Button>
  return (
    <Page title={t('backups.title')} hint={t('backups.hint')} acts={acts ?? undefined}>
      {make.error && <Failure small error={make.error} />}
      {!data ? <Panel label={t('backups.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={4} height={44} />}</Panel> : items === null || items === undefined ? <Panel label={t('backups.title')}><Empty icon="info" title={t('backups.other')}>{t('backups.otherHelp')}</Empty></Panel> : (
        <>
          <Panel title={t('backups.state')} acts={<Tag colour={data.late ? 'red' : newest ? 'green' : 'grey'}>{t(data.late ? 'backups.late' : newest ? 'backups.fine' : 'backups.none')}</Tag>} flush={false}>
            <Facts facts={[[t('backups.newest'), newest ? `${ago(newest.at)} · ${clockTime(newest.at, true)}` : t('backups.none')], [t('backups.loss'), t('backups.lossHours', { n: data.loss })], [t('backups.restore'), t('backups.restoreHelp', { command: 'nextmove restore' })]]} />
            {data.late && <p className={css.note}>{t('backups.lateHelp')}</p>}
          </Panel>
          {items.length > 0 && <Panel title={t('backups.all')}><ul>{items.map((each) => <li key={each.at} className={css.row}><span className={css.names}>{clockTime(each.at, true)}</span><span className="hint num">{t('backups.rows', { n: each.rows.toLocaleString() })} · {size(each.bytes)}</span></li>)}</ul></Panel>}
        </>
      )}
    </Page>
  )
}
