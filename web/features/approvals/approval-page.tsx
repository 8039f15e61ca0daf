import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { About } from './about.tsx'
import { KeyFacts } from './key-facts.tsx'
import { approvalQuery, useApprovalsLive, useDecide } from './query.ts'
import { State } from './state.tsx'

/** One word that a rule waits for: about what, until when, and the two answers. */
export default function ApprovalPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(approvalQuery(id))
  const [deciding, setDeciding] = useState<'agree' | 'refuse' | null>(null)
  useApprovalsLive()
  if (!data) return <Page title={t('approvals.one')}><Panel label={t('approvals.one')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={5} height={44} />}</Panel></Page>
  return (
    <Page title={data.title} hint={<Link to={at.approvals} className="link">{t('approvals.title')}</Link>} acts={data.can ? <><Button onClick={() => setDeciding('refuse')}>{t('approvals.refuse')}</Button><Button look="primary" onClick={() => setDeciding('agree')}>{t('approvals.agree')}</Button></> : undefined}>
      <Panel title={t('approvals.about')} acts={<State approval={data} />} flush={false}><About approval={data} /></Panel>
      {data.record && <KeyFacts record={data.record} />}
      {deciding && <Decide id={id} agree={deciding === 'agree'} onClose={() => setDeciding(null)} />}
    </Page>
  )
}

function Decide({ id, agree, onClose }: { id: string; agree: boolean; onClose: () => void }) {
  const { reason, setReason, submit, busy, error, missing } = useDecide(id, agree, onClose)
  const act = t(agree ? 'approvals.agree' : 'approvals.refuse')
  return (
    <Dialog title={act} hint={t('approvals.decideHint')} onClose={onClose} foot={<><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="primary" busy={busy} onClick={submit}>{act}</Button></>}>
      {error && <Failure small error={error} />}
      <Field label={t(agree ? 'approvals.note' : 'acts.reason')} required={!agree} error={missing}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
    </Dialog>
  )
}
