import { useState } from 'react'
import { call } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import type { IconName } from '../../design/icons.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import { DismissDialog } from './dismiss-dialog.tsx'
import { refreshRuns } from './refresh-runs.ts'
import type { Run } from './rule-runs.tsx'
import css from './rules.module.css'
import { SkipDialog } from './skip-dialog.tsx'

type Decision = Run['can'][number]
export type Branch = Run['branches'][number]
/** By its numbers from outside to inside: 2, or 2.1. */
export const branchName = ({ branch }: Pick<Branch, 'branch'>): string => t('rules.side', { n: branchNo(branch) })
export const branchNo = (branch: string): string => branch.split('.').flatMap((part) => (part.startsWith('b') ? part.slice(1) : [])).join('.')
const ICONS: Partial<Record<Decision, IconName>> = { retry: 'refresh', go: 'play', met: 'play', late: 'clock', cancel: 'close', dismiss: 'check', restore: 'refresh', skip: 'right' }

/** What may be decided about the run now. Calling off and dismissing are taken back for a while where they were pressed. */
export function RunActs({ run, actions, branch }: { run: Run; /** The steps of its version; without them none can be passed over. */ actions?: readonly unknown[]; /** About this branch of it alone. */ branch?: Branch }) {
  const [busy, setBusy] = useState<Decision | null>(null)
  const [asking, setAsking] = useState<'skip' | 'dismiss' | null>(null)
  const decide = async (decision: Decision, why: { step?: string; reason?: string } = {}): Promise<void> => {
    await call('decideRun', { params: { event: run.event, rule: run.rule }, body: { decision, ...(branch && { branch: branch.branch }), ...why } })
    await refreshRuns()
    // The engine goes on in a moment.
    setTimeout(() => void refreshRuns(), 1_200)
  }
  // With the last branch that was waited for the run goes on at once.
  const isTakenBack = (decision: Decision): boolean => (branch ? decision === 'dismiss' && run.branches.some((other) => other.branch !== branch.branch && other.state !== 'dismissed') : decision === 'cancel')
  const word = (decision: Decision): string => (branch && decision === 'dismiss' ? t('rules.can_dismissSide') : !branch && run.wait?.kind === 'join' && decision === 'go' ? t('rules.can_goSides') : t(`rules.can_${decision}` as WordKey))
  // Why is asked for where it stands at the run; a branch is only not waited for.
  const asks = (decision: Decision): decision is 'skip' | 'dismiss' => decision === 'skip' || (decision === 'dismiss' && !branch)
  const press = async (decision: Decision) => {
    setBusy(decision)
    try {
      await decide(decision)
      say(branch && decision === 'dismiss' ? t('rules.did_dismissSide') : t(`rules.did_${decision}` as WordKey), isTakenBack(decision) ? () => decide('restore') : undefined)
    } catch (error) {
      sayTrouble(sentenceOf(error))
    } finally {
      setBusy(null)
    }
  }
  return <div className={css.runActs} role="group" aria-label={branch ? t('rules.sideActs', { n: branchNo(branch.branch) }) : t('rules.runActs')}>{(branch ?? run).can.filter((each) => each !== 'skip' || actions).map((decision) => <Button key={decision} small look={decision === 'cancel' || decision === 'dismiss' ? 'quiet' : 'plain'} icon={ICONS[decision] ?? 'right'} busy={busy === decision} onClick={() => (asks(decision) ? setAsking(decision) : void press(decision))}>{word(decision)}</Button>)}
    {asking === 'skip' && actions && <SkipDialog run={run} within={branch?.branch} actions={actions} onClose={() => setAsking(null)} onSkip={async (step, reason) => { await decide('skip', { step, reason }); say(t('rules.did_skip')) }} />}
    {asking === 'dismiss' && <DismissDialog onClose={() => setAsking(null)} onDismiss={async (reason) => { await decide('dismiss', reason ? { reason } : {}); say(t('rules.did_dismiss'), () => decide('restore')) }} />}
  </div>
}
