import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { Confirm, Dialog } from '../../design/dialog.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './calendar.module.css'

const again = () => queries.invalidateQueries({ queryKey: keys.calendarFeed })

/** The secret address under which other calendars read one's events: made, shown once, replaced, ended. */
export function Feed() {
  const { data, error, refetch } = useQuery({ queryKey: keys.calendarFeed, queryFn: () => call('calendarFeed', {}) })
  const [asking, setAsking] = useState<'replace' | 'end' | null>(null)
  const make = useMutation({ mutationFn: () => call('makeCalendarFeed', {}), onSuccess: again })
  const feed = data?.feed
  if (error) return <Failure error={error} onRetry={refetch} />
  if (!data) return <Skeleton rows={2} />
  return (
    <div className={css.feed}>
      {make.error && <Failure small error={make.error} />}
      {make.data && feed ? <><p>{t('calendar.feedShown')}</p><div className={css.feedAddress}><code>{make.data.url}</code><CopyButton text={make.data.url} /></div></>
        : <p className="hint">{feed ? `${t('calendar.feedMade', { when: clockTime(feed.madeAt) })} · ${feed.readAt ? t('calendar.feedRead', { when: ago(feed.readAt) }) : t('calendar.feedUnread')}` : t('calendar.feedNone')}</p>}
      <div className={css.feedActs}>
        {feed ? <><Button onClick={() => setAsking('replace')}>{t('calendar.feedReplace')}</Button><Button look="danger" onClick={() => setAsking('end')}>{t('calendar.feedEnd')}</Button></>
          : <Button look="primary" busy={make.isPending} onClick={() => make.mutate()}>{t('calendar.feedMake')}</Button>}
      </div>
      {asking === 'replace' && <Confirm title={t('calendar.feedReplace')} act={t('calendar.feedReplace')} onClose={() => setAsking(null)} onAct={async () => { await make.mutateAsync() }}>{t('calendar.feedReplaceHelp')}</Confirm>}
      {asking === 'end' && <Confirm title={t('calendar.feedEnd')} act={t('calendar.feedEnd')} onClose={() => setAsking(null)} onAct={async () => { await call('endCalendarFeed', {}); make.reset(); await again() }}>{t('calendar.feedEndHelp')}</Confirm>}
    </div>
  )
}

export const FeedPanel = () => <Panel title={t('calendar.feed')} hint={t('calendar.feedHint')} flush={false}><Feed /></Panel>

export const FeedDialog = ({ onClose }: { onClose: () => void }) => <Dialog title={t('calendar.feed')} hint={t('calendar.feedHint')} onClose={onClose} foot={<Button onClick={onClose}>{t('common.done')}</Button>}><Feed /></Dialog>
