import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Policy } from '#language/definitions'
import { call } from '../../api/client.ts'
import { Icon } from '../../design/icons.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './policies.module.css'

/** What the policy, as it stands on the page, would give and take, and what its author may not have meant. */
export function EffectPanel({ policy, ready }: { policy: Policy; ready: boolean }) {
  const asked = useSettled(policy, 400)
  const { data, error } = useQuery({
    queryKey: ['policyEffect', asked], enabled: ready, retry: false, placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('previewPolicy', { body: { key: asked.key, policy: asked as unknown as Record<string, unknown> } }, { signal }),
  })
  return (
    <Panel title={t('policies.effectTitle')} flush={false} className={css.effect}>
      {!ready ? <p className="hint">{t('policies.effectWaits')}</p> : error ? <Failure small error={error} /> : !data ? <Skeleton rows={3} height={28} /> : (
        <div aria-live="polite" className={css.effects}>
          {data.findings.length > 0 && <ul className={css.findings}>{data.findings.map((finding) => <li key={finding.kind + (finding.field ?? '')}><Icon name="alert" size={14} /><span>{label(finding.message)}</span></li>)}</ul>}
          {[...data.widens, ...data.narrows].length === 0 && <p>{t('policies.noEffect')}</p>}
          {data.widens.length > 0 && <ul className={css.widens}>{data.widens.map((line) => <li key={line.zh}><Icon name="plus" size={14} /><span>{label(line)}</span></li>)}</ul>}
          {data.narrows.length > 0 && <ul className={css.narrows}>{data.narrows.map((line) => <li key={line.zh}><Icon name="lock" size={14} /><span>{label(line)}</span></li>)}</ul>}
          <p className="hint">{t('policies.effectHint')}</p>
        </div>
      )}
    </Panel>
  )
}

/** The value once it has stood still for a while. */
function useSettled<V>(value: V, ms: number): V {
  const [settled, setSettled] = useState(value)
  useEffect(() => { const timer = setTimeout(() => setSettled(value), ms); return () => clearTimeout(timer) }, [value, ms])
  return settled
}
