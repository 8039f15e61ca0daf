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
import { State } from './approvals-page.tsx'
import { approvalQuery, refreshApprovals } from './query.ts'

/** One word that a rule waits for: about what, until when, and the two answers. */
export default function ApprovalPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(approvalQuery(id))
  const [deciding, setDeciding] = useState<'agree' | 'refuse' | null>(null)
  if (!data) return <Page title={t('approvals.one')}><Panel label={t('approvals.one')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={5} height={44} />}</Panel></Page>
  return (
    <Page title={data.title} hint={<Link to={at.approvals} className="link">{t('approvals.title')}</Link>} acts={data.can ? <><Button onClick={() => setDeciding('refuse')}>{t('approvals.refuse')}</Button><Button look="primary" onClick={() => setDeciding('agree')}>{t('approvals.agree')}</Button></> : undefined}>
      <Panel title={t('approvals.about')} acts={<State approval={data} />} flush={false}>
        <Facts facts={[
          ...(data.body ? [[t('approvals.body'), data.body] as const] : []),
          [t('approvals.record'), data.record ? <Link key="record" to={at.record(data.record.object, data.record.id)} className="link">{data.record.title || t('records.untitled')}</Link> : t('records.hiddenRecord')],
          [t('approvals.rule'), label(data.rule.label)], [t('approvals.askedAt'), clockTime(data.askedAt, true)], [t('approvals.until'), clockTime(data.due, true)],
          [t('approvals.asked'), data.asked.join(t('common.listGap'))],
          ...(data.decidedBy ? [[t('approvals.decidedBy'), `${data.decidedBy} · ${clockTime(data.decidedAt!)}`] as const, [t('acts.reason'), data.reason ?? ''] as const] : []),
        ]} />
        {data.instead && <p className={css.note}>{t('approvals.instead', { name: data.instead })}</p>}
        {data.state === 'waiting' && !data.record && <p className={css.note}>{t('approvals.unseen')}</p>}
      </Panel>
      {deciding && <Decide id={id} agree={deciding === 'agree'} onClose={() => setDeciding(null)} />}
    </Page>
  )
}

function Decide({ id, agree, onClose }: { id: string; agree: boolean; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const decide = useMutation({ mutationFn: () => call('decideApproval', { params: { id }, body: { agree, reason: reason.trim() } }), onSuccess: async () => { say(t(agree ? 'approvals.agreed' : 'approvals.refused')); onClose(); await refreshApprovals() } })
  // Who says no says why.
  const submit = () => { setTried(true); if (agree || reason.trim()) decide.mutate() }
  const act = t(agree ? 'approvals.agree' : 'approvals.refuse')
  return (
    <Dialog title={act} hint={t('approvals.decideHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={decide.isPending} onClick={submit}>{act}</Button></>}>
      {decide.error && <Failure small error={decide.error} />}
      <Field label={t(agree ? 'approvals.note' : 'acts.reason')} required={!agree} error={tried && !agree && !reason.trim() ? t('records.mustFill') : null}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Dialog>
  )
}
