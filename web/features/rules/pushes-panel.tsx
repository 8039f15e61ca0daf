import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RouteAnswer, Routes } from '#contract/api'
import type { Rule } from '#language/definitions'
import { call, queries } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Confirm } from '../../design/dialog.tsx'
import { clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import { pushUrl } from '../forms/links.ts'
import css from './pushed.module.css'
import { usePushes } from './use-pushes.ts'

type Item = RouteAnswer<Routes['pushes']>['items'][number]
type Pushed = Extract<Rule['trigger'], { on: 'pushed' }>

/** The address of a rule, how to send to it, and what came lately. */
export function PushesPanel({ rule }: { rule: Rule & { trigger: Pushed } }) {
  const { data, error, refetch } = usePushes(rule.key)
  const [asking, setAsking] = useState(false)
  const show = useMutation({ mutationFn: () => call('showPushKey', { params: { rule: rule.key } }) })
  const change = async () => { await call('changePushKey', { params: { rule: rule.key } }); show.reset(); await queries.invalidateQueries({ queryKey: ['pushes', rule.key] }); say(t('webhooks.changed')) }
  const copy = (text: string) => { void navigator.clipboard?.writeText(text); say(t('common.copied')) }
  const curl = curlFor(rule, show.data?.key ?? 'nmp_…')
  return (
    <Panel title={t('rules.pushAddress')} hint={t('rules.pushLimits')} flush={false}>
      <div className={css.address}><code>{pushUrl(rule.key)}</code><Button small icon="copy" onClick={() => copy(pushUrl(rule.key))}>{t('common.copy')}</Button></div>
      <div className={css.address}>
        <span className={css.word}>{t('rules.pushKey')}</span><code>{show.data?.key ?? 'nmp_••••••••••••••••'}</code>
        {show.data ? <Button small icon="copy" onClick={() => copy(show.data.key)}>{t('common.copy')}</Button> : <Button small busy={show.isPending} onClick={() => show.mutate()}>{t('webhooks.show')}</Button>}
        <Button small look="danger" onClick={() => setAsking(true)}>{t('webhooks.change')}</Button>
      </div>
      {data?.key.previousUntil && <p className="hint" role="status">{t('webhooks.overlap', { at: clockTime(data.key.previousUntil) })}</p>}
      {(show.error ?? error) && <Failure small error={show.error ?? error} onRetry={refetch} />}
      <div className={css.curl}><pre tabIndex={0} aria-label={t('rules.pushCurl')}>{curl}</pre><Button small icon="copy" onClick={() => copy(curl)}>{t('common.copy')}</Button></div>
      <h3 className={css.word}>{t('rules.pushesCame')}</h3>
      {data?.items.length === 0 && <Empty icon="link" title={t('rules.pushesNone')}>{t('rules.pushesNoneHelp')}</Empty>}
      <ul className={css.came}>{data?.items.map((item) => <Came key={item.id} item={item} />)}</ul>
      {asking && <Confirm title={t('webhooks.change')} act={t('webhooks.change')} onAct={change} onClose={() => setAsking(false)}>{t('rules.pushChangeHelp')}</Confirm>}
    </Panel>
  )
}

function Came({ item }: { item: Item }) {
  const [code = '', ...rest] = (item.reason ?? '').split(' ')
  const word = t(`rules.pushWhy_${code}` as WordKey)
  const why = item.reason === null ? '' : word.startsWith('rules.') ? item.reason : [word, ...rest].join(' ')
  return (
    <li>
      <div className={css.cameLine}>
        <time className="hint" dateTime={item.at}>{clockTime(item.at, true)}</time>
        <Tag colour={item.status === 'accepted' ? 'green' : item.reason === 'off' ? 'grey' : 'red'}>{t(item.status === 'accepted' ? 'rules.pushTaken' : item.reason === 'off' ? 'rules.pushKept' : 'rules.pushRefused')}</Tag>
        {item.record && <Link to={at.record(item.record.object, item.record.id)} className="link">{item.record.title || t('records.untitled')}</Link>}
        {why && <span className={item.status === 'accepted' ? 'hint' : 'danger'}>{item.status === 'accepted' ? t('rules.pushUnread', { what: why }) : why}</span>}
        {item.ip && <span className="hint">{item.ip}</span>}
      </div>
      {item.body ? <details className={css.body}><summary>{t('rules.pushBody')}</summary><code>{item.body}</code></details> : item.body === null && <p className="hint">{t('rules.pushHidden')}</p>}
    </li>
  )
}

/** A sample that the rule would take, as a command. */
function curlFor({ key, trigger: { match, values, proof } }: Rule & { trigger: Pushed }, secret: string): string {
  const sample: Record<string, unknown> = {}
  for (const path of [match.from, ...values.map(({ from }) => from)]) if (path !== '') place(sample, path.split('.'), '…')
  const body = JSON.stringify(sample)
  const head = `curl -X POST '${pushUrl(key)}' \\\n  -H 'Content-Type: application/json' \\\n  -H 'X-Event-Id: '$(date +%s%N) \\\n`
  if (proof === 'secret') return `${head}  -H 'X-Nextmove-Secret: ${secret}' \\\n  -d '${body}'`
  return `T=$(date +%s); BODY='${body}'\nSIGN=$(printf '%s.%s' "$T" "$BODY" | openssl dgst -sha256 -hmac '${secret}' | sed 's/.*= //')\n${head}  -H "X-Nextmove-Signature: t=$T,v1=$SIGN" \\\n  -d "$BODY"`
}

function place(into: Record<string, unknown>, [first = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) { into[first] ??= value; return }
  const inner = (typeof into[first] === 'object' ? into[first] : {}) as Record<string, unknown>
  into[first] = inner
  place(inner, rest, value)
}
