import { useMutation, useQuery } from '@tanstack/react-query'
import type { RouteAnswer, Routes } from '#contract/api'
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
const GB = MB * 1024
const DAY_MS = 86_400_000
/** How long ago, and when by the clock; of what is older the clock alone. */
const moment = (at: string): string => (Date.now() - new Date(at).getTime() < DAY_MS ? `${ago(at)} · ${clockTime(at, true)}` : clockTime(at, true))
const size = (bytes: number): string => (bytes >= GB ? `${(bytes / GB).toFixed(1)} GB` : bytes < MB ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MB).toFixed(1)} MB`)

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
            <Facts facts={[[t('backups.newest'), newest ? moment(newest.at) : t('backups.none')], [t('backups.loss'), t(data.loss < 60 ? 'backups.lossMinutes' : 'backups.lossHours', { n: data.loss < 60 ? data.loss : data.loss / 60 })], [t('backups.restore'), t('backups.restoreHelp', { command: 'nextmove restore' })]]} />
            {data.late && <p className={css.alarm} role="alert">{t('backups.lateHelp')}</p>}
          </Panel>
          {data.whole && <Whole whole={data.whole} />}
          {items.length > 0 && <Panel title={t('backups.all')}><ul>{items.map((each) => <li key={each.at} className={css.row}><span className={css.names}>{clockTime(each.at, true)}</span><span className="hint num">{t('backups.rows', { n: each.rows.toLocaleString() })} · {size(each.bytes)}</span></li>)}</ul></Panel>}
        </>
      )}
    </Page>
  )
}

type WholeFacts = NonNullable<RouteAnswer<Routes['backups']>['whole']>

/** The copies of the whole database and its log: from when on the house can go back to any moment. */
function Whole({ whole: { state, newest, since, logAt, copies, bytes, sameDisk } }: { whole: WholeFacts }) {
  const kept = state === 'kept'
  return (
    <Panel title={t('backups.whole')} acts={<Tag colour={kept ? 'green' : state === 'no copy' ? 'grey' : 'red'}>{t(`backups.whole_${state === 'no copy' ? 'none' : state}`)}</Tag>} flush={false}>
      <Facts facts={[
        [t('backups.since'), since && kept ? t('backups.sinceWhen', { at: clockTime(since, true) }) : t('backups.notYet')],
        [t('backups.wholeNewest'), newest ? `${moment(newest)} · ${t('backups.copies', { n: copies })}` : t('backups.none')],
        [t('backups.logAt'), logAt ? moment(logAt) : t('backups.noLog')],
        ...(bytes === null ? [] : [[t('backups.size'), size(bytes)] as const]),
        [t('backups.moment'), t('backups.momentHelp', { command: 'nextmove restore --at "2026-11-22 10:05"' })],
      ]} />
      {!kept && <p className={state === 'no copy' ? css.note : css.alarm}>{t(`backups.help_${state === 'no copy' ? 'none' : state}`)}</p>}
      {sameDisk && <p className={css.note}>{t('backups.sameDisk', { setting: 'BACKUP_DIR' })}</p>}
    </Panel>
  )
}
