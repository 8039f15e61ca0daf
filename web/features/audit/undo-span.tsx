import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RouteAnswer, Routes } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Check } from '../../design/field.tsx'
import { Facts, Failure, Skeleton } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { undoOf } from '../records/undo.ts'
import css from './audit.module.css'

export interface SpanWish { member?: number; rule?: string; from: string; to: string }
type Done = RouteAnswer<Routes['undoSpan']>

/** Takes back what one member or one rule did in some time: first what it would be and what cannot be called back, then what was left and why. */
export function UndoSpan({ wish, who, onClose }: { wish: SpanWish; who: string; onClose: () => void }) {
  const catalogue = useCatalogue()
  const [along, setAlong] = useState(wish.member !== undefined)
  const body = { ...wish, along }
  const { data, error } = useQuery({ queryKey: ['undo', 'plan', body], queryFn: () => call('planUndo', { body }) })
  const undo = useMutation({ mutationFn: () => call('undoSpan', { body }), onSuccess: async (done) => { say(t('records.undone', { n: done.changed }), undoOf(done.undo)); await queries.invalidateQueries() } })
  const sent = (data?.sent ?? []).map(({ channel, n }) => `${channel} ${t('common.rows', { n })}`).join(t('common.listGap'))
  const foot = undo.data ? <Button look="primary" onClick={onClose}>{t('common.close')}</Button> : <><Button onClick={onClose}>{t('common.cancel')}</Button><Button look="danger" disabled={!data || data.acts === 0} busy={undo.isPending} onClick={() => undo.mutate()}>{t('audit.undoSpan')}</Button></>
  return (
    <Dialog title={t('audit.undoSpan')} hint={who} onClose={onClose} foot={foot}>
      {undo.error && <Failure small error={undo.error} />}
      {error ? <Failure small error={error} /> : !data ? <Skeleton rows={3} /> : undo.data ? <Left done={undo.data} /> : (
        <>
          <Facts facts={[
            [t('audit.undoActs'), t('audit.undoActsN', { n: data.acts, changes: data.changes })],
            ...data.records.map(({ object, n }) => [label(catalogue.object(object)?.label) || object, t('common.rows', { n })] as const),
            [t('audit.undoBack'), t('common.rows', { n: data.back })],
            [t('audit.undoSent'), sent || t('audit.undoNothingSent')],
          ]} />
          {wish.member !== undefined && <Check checked={along} onCheck={setAlong}>{t('audit.undoAlong')}</Check>}
          {data.kept.length > 0 ? <Kept kept={data.kept} title={t('audit.undoWillKeep', { n: data.left })} /> : <p className="hint">{t('audit.undoKeeps')}</p>}
        </>
      )}
    </Dialog>
  )
}

/** What stayed as it is, and why. */
const Left = ({ done: { changed, kept } }: { done: Done }) => (
  <>
    <p role="status"><b>{t('records.undone', { n: changed })}</b></p>
    {kept.length > 0 && <Kept kept={kept} title={t('audit.undoLeft', { n: kept.length })} />}
  </>
)

const Kept = ({ kept, title }: { kept: Done['kept']; title: string }) => (
  <section aria-label={title} className={css.kept}><p><b>{title}</b></p><ul>{kept.slice(0, 50).map((each, index) => <li key={index}>{[each.title, each.fields.join(t('common.listGap')), each.message].filter(Boolean).join(' · ')}</li>)}</ul></section>
)
