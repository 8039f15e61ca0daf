import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { clockTime } from '../../design/format.ts'
import { Facts, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { undoOf } from '../records/undo.ts'
import { State } from './deletions-page.tsx'
import css from './deletions.module.css'
import { deletionQuery, refreshDeletions } from './query.ts'

/** One deletion of many: who wants it, what would go, and the word of a second person. */
export default function DeletionPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const catalogue = useCatalogue()
  const { data, error, refetch } = useQuery(deletionQuery(id))
  const [deciding, setDeciding] = useState<'agree' | 'refuse' | null>(null)
  const withdraw = useMutation({ mutationFn: () => call('withdrawDeletion', { params: { id } }), onSuccess: async () => { say(t('deletions.withdrawn')); await refreshDeletions() } })
  const back = useMutation({ mutationFn: async () => { await undoOf(data!.undo)!(); await refreshDeletions() } })
  if (!data) return <Page title={t('deletions.one')}><Panel label={t('deletions.one')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={6} height={44} />}</Panel></Page>
  const name = label(data.label)
  const owner = (value: unknown) => (typeof value === 'number' ? (catalogue.member(value)?.name ?? '') : '')
  const acts = data.can.decide ? <><Button onClick={() => setDeciding('refuse')}>{t('deletions.refuse')}</Button><Button look="danger" onClick={() => setDeciding('agree')}>{t('deletions.agree', { n: data.n })}</Button></>
    : data.can.withdraw ? <Button busy={withdraw.isPending} onClick={() => withdraw.mutate()}>{t('deletions.withdraw')}</Button>
      : data.undo ? <Button look="primary" icon="refresh" busy={back.isPending} onClick={() => back.mutate()}>{t('deletions.back', { n: data.n })}</Button> : undefined
  return (
    <Page title={t('deletions.sentence', { who: data.askedBy.name, n: data.n, name })} hint={<Link to={at.deletions} className="link">{t('deletions.title')}</Link>} acts={acts}>
      {(withdraw.error ?? back.error) && <Failure small error={withdraw.error ?? back.error} />}
      <Panel title={t('deletions.evidence')} acts={<State deletion={data} />} flush={false}>
        <Facts facts={[
          [t('deletions.asker'), data.askedBy.name], [t('deletions.askedAt'), clockTime(data.askedAt, true)], [t('audit.ip'), data.ip ?? '—'],
          [t('deletions.count'), data.earlier > 0 ? t('deletions.countEarlier', { n: data.n, earlier: data.earlier }) : t('common.rows', { n: data.n })],
          ...(data.decidedBy && data.state !== 'withdrawn' ? [[t('deletions.decidedBy'), `${data.decidedBy} · ${clockTime(data.decidedAt!)}`] as const, [t('acts.reason'), data.reason ?? ''] as const] : []),
        ]} />
        {data.state === 'waiting' && <p className={css.note}>{t('deletions.nothingGone')}</p>}
      </Panel>
      {data.records.length > 0 && (
        <Panel title={t('deletions.which', { name })} hint={data.n > data.records.length ? t('deletions.first', { n: data.records.length }) : undefined}>
          <ul>{data.records.map((record) => <li key={record.id} className={css.row}><span className={css.names}><Link to={at.record(record.object, record.id)} className="link">{record.title || t('records.untitled')}</Link></span><span className="hint">{owner(record.values['owner'])}</span></li>)}</ul>
          {data.unseen > 0 && <p className={css.unseen}>{t('deletions.unseen', { n: data.unseen })}</p>}
        </Panel>
      )}
      {deciding && <Decide id={id} agree={deciding === 'agree'} n={data.n} onClose={() => setDeciding(null)} />}
    </Page>
  )
}

function Decide({ id, agree, n, onClose }: { id: string; agree: boolean; n: number; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const decide = useMutation({
    mutationFn: () => call('decideDeletion', { params: { id }, body: { agree, reason: reason.trim() } }),
    onSuccess: async ({ changed, left, deletion }) => {
      say(agree ? t(left > 0 ? 'deletions.agreedLeft' : 'deletions.agreed', { n: changed, left }) : t('deletions.refused'), undoOf(deletion.undo))
      onClose()
      await refreshDeletions()
    },
  })
  const submit = () => { setTried(true); if (reason.trim()) decide.mutate() }
  const act = agree ? t('deletions.agree', { n }) : t('deletions.refuse')
  return (
    <Dialog title={act} hint={agree ? t('deletions.agreeHint') : t('deletions.refuseHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look={agree ? 'danger' : 'primary'} busy={decide.isPending} onClick={submit}>{act}</Button></>}>
      {decide.error && <Failure small error={decide.error} />}
      <Field label={t('acts.reason')} required error={tried && !reason.trim() ? t('records.mustFill') : null}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Dialog>
  )
}
