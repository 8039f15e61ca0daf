import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RouteAnswer, Routes } from '#contract/api'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Check, Input } from '../../design/field.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { undoOf } from '../records/undo.ts'
import { Value, type Related } from '../records/value.tsx'
import css from './suggestions.module.css'

type Suggestion = RouteAnswer<Routes['suggestions']>['items'][number]
const query = { queryKey: ['suggestions'], queryFn: () => call('suggestions', {}) }

/** What those who may not write would have written: taken field by field, or not; for them, what became of it. */
export default function SuggestionsPage() {
  const { data, error, refetch } = useQuery(query)
  const [open, done] = [data?.items.filter(({ state }) => state === 'open') ?? [], data?.items.filter(({ state }) => state !== 'open') ?? []]
  return (
    <Page title={t('suggestions.title')} hint={t('suggestions.hint')}>
      {!data ? <Panel label={t('suggestions.title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={4} height={52} />}</Panel> : (
        <>
          <Panel title={t('suggestions.open')}>{open.length > 0 ? <ul>{open.map((each) => <Row key={each.id} suggestion={each} related={data.related} />)}</ul> : <Empty icon="check" title={t('suggestions.none')}>{t('suggestions.noneHelp')}</Empty>}</Panel>
          {done.length > 0 && <Panel title={t('suggestions.done')}><ul>{done.map((each) => <Row key={each.id} suggestion={each} related={data.related} />)}</ul></Panel>}
        </>
      )}
    </Page>
  )
}

const COLOURS = { open: 'amber', taken: 'green', declined: 'grey' } as const

function Row({ suggestion, related }: { suggestion: Suggestion; related: Related }) {
  const catalogue = useCatalogue()
  const [take, setTake] = useState<readonly string[]>(() => suggestion.fields.map(({ field }) => field))
  const [reason, setReason] = useState('')
  const object = catalogue.object(suggestion.object)
  const decide = useMutation({
    mutationFn: (fields: readonly string[]) => call('decideSuggestion', { params: { id: suggestion.id }, body: { take: [...fields], ...(reason.trim() && { reason: reason.trim() }) } }),
    onSuccess: ({ state, undo }) => { say(t(state === 'taken' ? 'suggestions.wasTaken' : 'suggestions.wasDeclined', { name: suggestion.title }), undoOf(undo)); void queries.invalidateQueries({ queryKey: ['suggestions'] }); void queries.invalidateQueries({ queryKey: ['records'] }) },
  })
  const record = suggestion.record ?? suggestion.made
  const title = t(suggestion.record ? 'suggestions.changes' : 'suggestions.makes', { who: suggestion.by.name, object: label(suggestion.label), name: suggestion.title })
  return (
    <li className={css.row}>
      <div className={css.head}><b className="grow">{record ? <Link to={at.record(suggestion.object, record)} className="link">{title}</Link> : title}</b><time className="hint" dateTime={suggestion.at} title={clockTime(suggestion.at)}>{ago(suggestion.at)}</time><Tag colour={COLOURS[suggestion.state]}>{t(`suggestions.state_${suggestion.state}`)}</Tag></div>
      <ul className={css.fields}>{suggestion.fields.map(({ field: key, before, value, taken }) => {
        const field = object?.field.get(key)
        const said = field && <span className={css.value}>{suggestion.record && <><span className="hint"><Value field={field} value={before} related={related} /></span> → </>}<Value field={field} value={value} related={related} /></span>
        const name = label(field?.label) || key
        return <li key={key} data-left={suggestion.state === 'taken' && !taken}>{suggestion.can.decide ? <Check checked={take.includes(key)} onCheck={(on) => setTake(on ? [...take, key] : take.filter((each) => each !== key))}>{name}</Check> : <span>{name}</span>}{said}</li>
      })}</ul>
      {suggestion.state !== 'open' && <p className="hint">{t('suggestions.decidedBy', { who: suggestion.decidedBy ?? '', when: suggestion.decidedAt ? ago(suggestion.decidedAt) : '' })}{suggestion.reason && `${t('suggestions.because')}${suggestion.reason}`}</p>}
      {decide.error && <Failure small error={decide.error} />}
      {suggestion.can.decide && <div className={css.acts}>
        <Input aria-label={t('suggestions.reason')} placeholder={t('suggestions.reason')} value={reason} maxLength={500} onText={setReason} />
        <Button disabled={decide.isPending} onClick={() => decide.mutate([])}>{t('suggestions.decline')}</Button>
        <Button look="primary" busy={decide.isPending} disabled={take.length === 0} onClick={() => decide.mutate(take)}>{take.length === suggestion.fields.length ? t('suggestions.takeAll') : t('suggestions.takeSome', { n: take.length })}</Button>
      </div>}
    </li>
  )
}
