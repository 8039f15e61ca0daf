import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { About } from '../../features/approvals/about.tsx'
import { KeyFacts } from '../../features/approvals/key-facts.tsx'
import { approvalQuery, useApprovalsLive, useDecide, type Approval } from '../../features/approvals/query.ts'
import { State } from '../../features/approvals/state.tsx'
import { t } from '../../i18n/index.ts'
import { usePull } from '../frame/pull.tsx'
import { Screen } from '../frame/screen.tsx'
import screen from '../frame/screen.module.css'
import { Sheet } from '../frame/sheet.tsx'
import { Missing } from '../records/missing.tsx'
import css from './approvals.module.css'

/** One word that a rule waits for: what it is about, what to decide by, and the two answers under the thumb. */
export default function ApprovalScreen({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(approvalQuery(id))
  useApprovalsLive()
  if (error instanceof ApiError && error.status === 404) return <Missing title={error.message} help={error.remedy} />
  if (data) return <Loaded approval={data} again={refetch} />
  return <Screen small title={t('approvals.one')} backTo={at.approvals}><Panel label={t('approvals.one')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={6} height={56} />}</Panel></Screen>
}

function Loaded({ approval, again }: { approval: Approval; again: () => Promise<unknown> }) {
  const [deciding, setDeciding] = useState<'agree' | 'refuse' | null>(null)
  const pull = usePull(again)
  return (
    <Screen small title={t('approvals.one')} backTo={at.approvals} acts={<State approval={approval} />}
      act={approval.can && <div className={screen.actbar}><Button onClick={() => setDeciding('refuse')}>{t('approvals.refuse')}</Button><Button look="primary" icon="check" onClick={() => setDeciding('agree')}>{t('approvals.agree')}</Button></div>}>
      {pull}
      <div className={css.stack}>
        <h2 className={css.title}>{approval.title}</h2>
        <Panel label={t('approvals.about')} flush={false}><About approval={approval} /></Panel>
        {approval.record && <KeyFacts record={approval.record} />}
      </div>
      {deciding && <Decide approval={approval} agree={deciding === 'agree'} onClose={() => setDeciding(null)} />}
    </Screen>
  )
}

function Decide({ approval, agree, onClose }: { approval: Approval; agree: boolean; onClose: () => void }) {
  const { reason, setReason, submit, busy, error, missing } = useDecide(approval.id, agree, onClose)
  const act = t(agree ? 'approvals.agree' : 'approvals.refuse')
  return (
    <Sheet label={act} title={act} hint={t('approvals.decideHint')} onClose={onClose} foot={<Button look="primary" busy={busy} onClick={submit}>{act}</Button>}>
      <form className={css.form} onSubmit={(event) => { event.preventDefault(); submit() }}>
        {error && <Failure small error={error} />}
        <p className={css.what}>{approval.title}</p>
        <Field label={t(agree ? 'approvals.note' : 'acts.reason')} required={!agree} error={missing}>{(control) => <TextArea {...control} rows={3} maxLength={500} value={reason} onText={setReason} />}</Field>
      </form>
    </Sheet>
  )
}
