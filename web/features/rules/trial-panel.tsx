import { useMutation, useQuery } from '@tanstack/react-query'
import type { TrialAnswer } from '#contract/api'
import { useEffect, useState } from 'react'
import { call } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { Choice } from '../../design/field.tsx'
import { number } from '../../design/format.ts'
import { Failure, Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './trial.module.css'
import { TrialMembers } from './trial-members.tsx'
import { TrialRows } from './trial-rows.tsx'
import { TrialTotals } from './trial-totals.tsx'

interface Props { kind: 'rule' | 'assignmentPolicy'; body: object; disabled?: boolean; /** What has been tried, as JSON. */ onDone?: (tried: string) => void }
const LENGTHS = ['7', '30', '90'] as const
const EVERY = 400

/** What a draft would have done over the last days, beside what is in force and what really happened. Nothing is written or sent. */
export function TrialPanel({ kind, body, disabled, onDone }: Props) {
  const [days, setDays] = useState<(typeof LENGTHS)[number]>('30')
  const [id, setId] = useState<string | null>(null)
  const [tried, setTried] = useState('')
  const start = useMutation({ mutationFn: () => call('startTrial', { body: { kind, body: body as Record<string, unknown>, days: Number(days) } }), onSuccess: (begun) => { setId(begun.id); setTried(JSON.stringify(body)) } })
  const { data, error } = useQuery({ queryKey: ['trial', id], queryFn: ({ signal }) => call('trial', { params: { id: id! } }, { signal }), enabled: id !== null, refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' ? false : EVERY), retry: false, gcTime: 0 })
  const running = start.isPending || (id !== null && !error && (!data || data.state === 'running'))
  const done = data?.state === 'done'
  useEffect(() => { if (done) onDone?.(tried) }, [done, tried, onDone])
  const stop = () => { if (id) void call('stopTrial', { params: { id } }).catch(() => {}); setId(null) }
  const acts = running ? <Button icon="close" onClick={stop}>{t('trial.stop')}</Button> : <Button look={data ? 'plain' : 'primary'} icon="history" disabled={disabled} onClick={() => start.mutate()}>{t('trial.start', { days })}</Button>
  return (
    <Panel title={t('trial.title')} hint={t('trial.hint')} acts={<div className={css.acts}><Choice label={t('trial.length')} value={days} onChoose={setDays} options={LENGTHS.map((length) => ({ value: length, label: t('trial.days', { days: length }) }))} />{acts}</div>}>
      {start.error && <Failure small error={start.error} />}
      {error && <Failure small error={error} onRetry={() => start.mutate()} />}
      {running && <Progress value={data?.progress ?? 0} />}
      {data?.problem && <p className={css.problem} role="alert">{label(data.problem)}</p>}
      {data?.answer && <Answer answer={data.answer} stale={tried !== JSON.stringify(body)} />}
    </Panel>
  )
}

function Progress({ value }: { value: number }) {
  const percent = Math.round(value * 100)
  return <div className={css.progress}><div className={css.bar} role="progressbar" aria-label={t('trial.running')} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100}><span style={{ width: `${percent}%` }} /></div><span className="hint">{t('trial.reading', { percent })}</span></div>
}

/** What is counted apart: approvals that nobody knows the answer to, what people decided about waiting runs, and pushes that cannot be tried. */
function Apart({ words: { asIf: { known, unknown } }, decided: { asIf: { taken, without, own } }, pushes }: Pick<TrialAnswer, 'words' | 'decided' | 'pushes'>) {
  const said = [
    known > 0 && t('trial.wordsKnown', { count: number(known) }), unknown > 0 && t(known > 0 ? 'trial.wordsUnknown' : 'trial.wordsOnlyUnknown', { count: number(unknown) }),
    taken > 0 && t('trial.decidedTaken', { count: number(taken) }), without > 0 && t(taken > 0 ? 'trial.decidedWithout' : 'trial.decidedOnlyWithout', { count: number(without) }), own > 0 && t('trial.decidedOwn', { count: number(own) }),
    pushes && t('trial.pushesTried', { count: number(pushes.tried) }), pushes && pushes.off > 0 && t('trial.pushesOff', { count: number(pushes.off) }), pushes && pushes.erased > 0 && t('trial.pushesErased', { count: number(pushes.erased) }),
  ].filter((each) => typeof each === 'string')
  return said.length > 0 && <p className={css.apart}>{said.map((each) => <span key={each}>{each}</span>)}</p>
}

function Answer({ answer, stale }: { answer: TrialAnswer; stale: boolean }) {
  const moved = answer.members.filter(({ messages, assigned, open }) => [messages, assigned, open].some(({ now, asIf }) => now !== asIf))
  return (
    <div className={css.answer}>
      {stale && <p className={css.stale}>{t('trial.stale')}</p>}
      <p className={css.lead}>{answer.total === 0 ? t('trial.same') : t('trial.differs', { count: number(answer.total) })}{answer.fired && <span className="quiet">{t('trial.fired', { now: number(answer.fired.now), asIf: number(answer.fired.asIf) })}</span>}</p>
      <TrialTotals kinds={answer.kinds} />
      <Apart {...answer} />
      {moved.length > 0 && <TrialMembers members={moved} />}
      {answer.total > 0 && <TrialRows rows={answer.rows} total={answer.total} />}
      <p className={css.foot}>{t('trial.read', { read: number(answer.read), records: number(answer.records), seconds: (answer.ms / 1000).toFixed(1) })}</p>
    </div>
  )
}
