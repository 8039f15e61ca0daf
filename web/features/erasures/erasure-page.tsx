import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
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
import css from '../deletions/deletions.module.css'
import { nameOf, State } from './erasures-page.tsx'
import { countFacts, erasureQuery, refreshErasures } from './query.ts'

/** One request: whom it is about, what goes, a second person's word, and what went. */
export default function ErasurePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(erasureQuery(id))
  const [deciding, setDeciding] = useState<'agree' | 'refuse' | null>(null)
  const withdraw = useMutation({ mutationFn: () => call('withdrawErasure', { params: { id } }), onSuccess: async () => { say(t('erasures.withdrawn')); await refreshErasures() } })
  if (!data) return <Page title={t('erasures.title')}><Panel label={t('erasures.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={6} height={44} />}</Panel></Page>
  const acts = data.can.decide ? <><Button onClick={() => setDeciding('refuse')}>{t('erasures.refuse')}</Button><Button look="danger" onClick={() => setDeciding('agree')}>{t('erasures.agree')}</Button></>
    : data.can.withdraw ? <Button busy={withdraw.isPending} onClick={() => withdraw.mutate()}>{t('erasures.withdraw')}</Button> : undefined
  const counts = data.counts ?? data.plan
  return (
    <Page title={nameOf(data)} hint={<Link to={at.erasures} className="link">{t('erasures.title')}</Link>} acts={acts}>
      {withdraw.error && <Failure small error={withdraw.error} />}
      <Panel title={t('erasures.request')} acts={<State erasure={data} />} flush={false}>
        <Facts facts={[
          [t('erasures.asker'), data.askedBy.name], [t('erasures.askedAt'), clockTime(data.askedAt, true)],
          ...(data.reason ? [[t('erasures.proof'), data.reason] as const] : []),
          [t('erasures.names'), t(data.everywhere ? 'erasures.namesEverywhere' : 'erasures.namesNear')],
          ...(data.decidedBy && data.state !== 'withdrawn' ? [[t('erasures.decidedBy'), `${data.decidedBy} · ${clockTime(data.decidedAt!)}`] as const] : []),
          ...(data.decision ? [[t('erasures.decision'), data.decision] as const] : []),
          ...(data.doneAt ? [[t('erasures.doneAt'), clockTime(data.doneAt, true)] as const] : []),
        ]} />
        {data.state === 'waiting' && <p className={css.note}>{t('erasures.nothingGone')}</p>}
        {data.state === 'agreed' && <p className={css.note}>{data.trouble ? t('erasures.trouble', { why: data.trouble }) : t('erasures.underWay')}</p>}
        {data.state === 'done' && <p className={css.note}>{t('erasures.gone', { act: data.act ?? 0 })}</p>}
      </Panel>
      {counts && <Panel title={t(data.counts ? 'erasures.went' : 'erasures.goes')} hint={data.counts ? undefined : t('erasures.goesHint')} flush={false}><Facts facts={countFacts(counts)} /></Panel>}
      {data.state !== 'done' && <Panel title={t('erasures.records')}><ul>{data.records.map((record) => <li key={record.id} className={css.row}><span className={css.names}>{record.title === null ? <span className="hint">{t('erasures.unseen')}</span> : <Link to={at.record(record.object, record.id)} className="link">{record.title || t('records.untitled')}</Link>}</span><span className="hint">{label(record.label)}</span></li>)}</ul></Panel>}
      {deciding && <Decide id={id} agree={deciding === 'agree'} onClose={() => setDeciding(null)} />}
    </Page>
  )
}

function Decide({ id, agree, onClose }: { id: string; agree: boolean; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const decide = useMutation({
    mutationFn: () => call('decideErasure', { params: { id }, body: { agree, reason: reason.trim() } }),
    onSuccess: async () => { say(t(agree ? 'erasures.agreed' : 'erasures.refused')); onClose(); await refreshErasures() },
  })
  const submit = () => { setTried(true); if (reason.trim()) decide.mutate() }
  const act = t(agree ? 'erasures.agree' : 'erasures.refuse')
  return (
    <Dialog title={act} hint={t(agree ? 'erasures.agreeHint' : 'erasures.refuseHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look={agree ? 'danger' : 'primary'} busy={decide.isPending} onClick={submit}>{act}</Button></>}>
      {decide.error && <Failure small error={decide.error} />}
      <Field label={t('erasures.decision')} required error={tried && !reason.trim() ? t('records.mustFill') : null}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Dialog>
  )
}
