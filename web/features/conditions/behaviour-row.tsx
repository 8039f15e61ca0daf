import type { CompareOperator, Condition } from '#language/conditions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Input } from '../../design/field.tsx'
import { plain } from '../../design/format.ts'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { eventsOf, fieldsOfEvent, pageOf, readBehaviour, writeBehaviour, type Behaviour } from './behaviours.ts'
import css from './builder.module.css'
import { problemAt, type Scope } from './builder.tsx'
import { Among, LengthInput } from './length-input.tsx'
import { relationName } from './names.ts'
import { RelatedRow } from './related-row.tsx'
import type { RelatedNode } from './tree.ts'
import { OneValue } from './value-input.tsx'

interface Props { node: RelatedNode; scope: Scope; onChange: (node: Condition) => void; onRemove: () => void }
const SIGNS: readonly (readonly [CompareOperator, string])[] = [['ge', '≥'], ['le', '≤'], ['gt', '>'], ['lt', '<'], ['eq', '='], ['ne', '≠']]

/** What somebody did lately reads as one line; everything else about related records has its own row. */
export function RelatedOrBehaviour(props: Props) {
  const catalogue = useCatalogue()
  const [whole, setWhole] = useState(false)
  const behaviour = whole ? null : readBehaviour(catalogue, props.node)
  return behaviour ? <BehaviourRow {...props} behaviour={behaviour} onMore={() => setWhole(true)} /> : <RelatedRow {...props} />
}

/** 「最近 30 天内 看页面 页面包含 /pricing ≥ 3 次」 */
function BehaviourRow({ scope, behaviour, onChange, onRemove, onMore }: Props & { behaviour: Behaviour; onMore: () => void }) {
  const catalogue = useCatalogue()
  const { kind, words, sums } = fieldsOfEvent(catalogue, behaviour.object)
  const events = eventsOf(catalogue, scope.object, relationName)
  const put = (change: Partial<Behaviour>) => onChange(writeBehaviour(catalogue, { ...behaviour, ...change }))
  const looked = words.find(({ key }) => key === behaviour.wordsIn)
  const summed = sums.find(({ key }) => key === behaviour.of)
  const problem = problemAt(scope, scope.path)
  const measures = [{ value: '', label: t('conditions.times') }, ...sums.map((field) => ({ value: field.key, label: t('conditions.sumOf', { field: label(field.label) }) }))]
  return (
    <Among value>
      <div className={css.behaviour}>
        <span className="quiet dense">{t('conditions.within')}</span><LengthInput value={behaviour.within} onChange={(within) => put({ within })} />
        {events.length > 1 && <Picker small label={t('conditions.relation')} value={`${behaviour.object}.${behaviour.via}`} options={events.map((each) => ({ value: `${each.object}.${each.via}`, label: each.label }))} onPick={(text) => { const found = events.find((each) => `${each.object}.${each.via}` === text); if (found) put({ object: found.object, via: found.via, kinds: [], words: '', wordsIn: pageOf(fieldsOfEvent(catalogue, found.object).words), of: null }) }} />}
        {kind && <MultiPicker small label={label(kind.label)} placeholder={t('conditions.anyEvent', { name: label(catalogue.object(behaviour.object)?.label) })} value={behaviour.kinds} options={catalogue.options(kind.dictionary ?? '').map((option) => ({ value: option.key, label: label(option.label) }))} onPick={(kinds) => put({ kinds })} />}
        {looked && <span className={css.behaviourWords}>{words.length > 1 ? <Picker small label={t('conditions.field')} value={looked.key} options={words.map((field) => ({ value: field.key, label: label(field.label) }))} onPick={(wordsIn) => wordsIn && put({ wordsIn })} /> : <span className="quiet dense">{label(looked.label)}</span>}<span className="quiet dense">{t('conditions.op_contains')}</span><Input small aria-label={t('conditions.wordsIn', { field: label(looked.label) })} placeholder={t('conditions.anyWords')} value={behaviour.words} onText={(text) => put({ words: text })} /></span>}
        {sums.length > 0 && <Picker small label={t('conditions.measure')} value={behaviour.of ?? ''} shown={summed ? t('conditions.sumOf', { field: label(summed.label) }) : t('conditions.times')} options={measures} onPick={(of) => put(of ? { of, value: '0' } : { of: null, value: 3 })} />}
        <Picker small label={t('conditions.comparison')} value={behaviour.op} options={SIGNS.map(([value, text]) => ({ value, label: text }))} onPick={(op) => op && put({ op: op as CompareOperator })} />
        {summed ? <OneValue field={summed} value={behaviour.value} onChange={(value) => put({ value: plain(value) || '0' })} /> : <Input small inputMode="numeric" className={css.behaviourTimes} aria-label={t('conditions.times')} value={String(behaviour.value)} onText={(text) => put({ value: Number(text.replace(/\D/g, '').slice(0, 6)) })} />}
        {!summed && <span className="quiet dense">{t('conditions.timesUnit')}</span>}
        <Button small look="quiet" onClick={onMore}>{t('conditions.moreParts')}</Button>
        <IconButton small icon="close" label={t('conditions.remove')} onClick={onRemove} />
        {problem && <p className={css.problem} role="alert">{problem}</p>}
      </div>
    </Among>
  )
}
