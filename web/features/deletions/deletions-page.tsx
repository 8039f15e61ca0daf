import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './deletions.module.css'
import { deletionsQuery, limitQuery, type Deletion } from './query.ts'

/** Deletions of many that wait for a second person, and what became of earlier ones. */
export default function DeletionsPage() {
  const { data, error, refetch } = useQuery(deletionsQuery)
  const [waiting, done] = [data?.items.filter(({ state }) => state === 'waiting') ?? [], data?.items.filter(({ state }) => state !== 'waiting') ?? []]
  return (
    <Page title={t('deletions.title')} hint={t('deletions.hint')}>
      {!data ? <Panel label={t('deletions.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={4} height={52} />}</Panel> : (
        <>
          <Panel title={t('deletions.waiting')}>{waiting.length > 0 ? <List items={waiting} /> : <Empty icon="check" title={t('deletions.none')}>{t('deletions.noneHelp')}</Empty>}</Panel>
          {done.length > 0 && <Panel title={t('deletions.done')}><List items={done} /></Panel>}
        </>
      )}
      <Limit />
    </Page>
  )
}

const List = ({ items }: { items: readonly Deletion[] }) => (
  <ul>{items.map((each) => (
    <li key={each.id}><Link to={at.deletion(each.id)} className={css.row}>
      <span className={css.names}><b>{t('deletions.sentence', { who: each.askedBy.name, n: each.n, name: label(each.label) })}</b><time className="hint" dateTime={each.askedAt} title={clockTime(each.askedAt)}>{ago(each.askedAt)}</time></span>
      <State deletion={each} />
    </Link></li>
  ))}</ul>
)

const COLOURS = { waiting: 'amber', agreed: 'red', refused: 'grey', withdrawn: 'grey' } as const
export const State = ({ deletion }: { deletion: Pick<Deletion, 'state'> }) => <Tag colour={COLOURS[deletion.state]}>{t(`deletions.state_${deletion.state}`)}</Tag>

function Limit() {
  const catalogue = useCatalogue()
  const { data } = useQuery(limitQuery)
  if (!data) return null
  if (!catalogue.can('settings')) return <p className="hint">{t('deletions.limitIs', { records: data.records, minutes: data.minutes })}</p>
  return <EditLimit key={`${data.records} ${data.minutes}`} stored={data} />
}

function EditLimit({ stored }: { stored: { records: number; minutes: number } }) {
  const [limit, setLimit] = useState(stored)
  const save = useMutation({ mutationFn: () => call('setDeletionLimit', { body: limit }), onSuccess: async () => { await queries.invalidateQueries({ queryKey: limitQuery.queryKey }); say(t('deletions.limitSaved')) } })
  const digits = (text: string) => Number(text.replace(/\D/g, '').slice(0, 4))
  const changed = limit.records !== stored.records || limit.minutes !== stored.minutes
  return (
    <Panel title={t('deletions.limit')} flush={false}>
      <div className={css.limit}>
        <span>{t('deletions.limitBefore')}</span><Input small inputMode="numeric" aria-label={t('deletions.minutes')} value={String(limit.minutes || '')} onText={(text) => setLimit({ ...limit, minutes: digits(text) })} /><span>{t('deletions.limitBetween')}</span>
        <Input small inputMode="numeric" aria-label={t('deletions.records')} value={String(limit.records || '')} onText={(text) => setLimit({ ...limit, records: digits(text) })} /><span>{t('deletions.limitAfter')}</span>
        <Button small disabled={!changed || !limit.records || !limit.minutes} busy={save.isPending} onClick={() => save.mutate()}>{t('common.save')}</Button>
      </div>
      {save.error && <Failure small error={save.error} />}
    </Panel>
  )
}
