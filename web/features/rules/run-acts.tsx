import { useState } from 'react'
import { call, queries } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import type { IconName } from '../../design/icons.tsx'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import type { Run } from './rule-runs.tsx'
import css from './rules.module.css'

type Decision = Run['can'][number]
const ICONS: Partial<Record<Decision, IconName>> = { retry: 'refresh', go: 'play', met: 'play', late: 'clock', cancel: 'close', dismiss: 'check', restore: 'refresh' }

/** What may be decided about the run now. Calling off and dismissing are taken back for a while where they were pressed. */
export function RunActs({ run }: { run: Run }) {
  const [busy, setBusy] = useState<Decision | null>(null)
  const decide = async (decision: Decision): Promise<void> => {
    await call('decideRun', { params: { event: run.event, rule: run.rule }, body: { decision } })
    await Promise.all(['runs', 'run', 'ruleHealth'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
    // The engine goes on in a moment.
    setTimeout(() => { for (const key of ['runs', 'run', 'ruleHealth']) void queries.invalidateQueries({ queryKey: [key] }) }, 1_200)
  }
  const press = async (decision: Decision) => {
    setBusy(decision)
    try {
      await decide(decision)
      say(t(`rules.did_${decision}` as WordKey), decision === 'cancel' || decision === 'dismiss' ? () => decide('restore') : undefined)
    } catch (error) {
      sayTrouble(sentenceOf(error))
    } finally {
      setBusy(null)
    }
  }
  return <div className={css.runActs} role="group" aria-label={t('rules.runActs')}>{run.can.map((decision) => <Button key={decision} small look={decision === 'cancel' || decision === 'dismiss' ? 'quiet' : 'plain'} icon={ICONS[decision] ?? 'right'} busy={busy === decision} onClick={() => void press(decision)}>{t(`rules.can_${decision}` as WordKey)}</Button>)}</div>
}
