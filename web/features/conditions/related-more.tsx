import type { Condition } from '#language/conditions'
import { isMonths } from '#language/values'
import type { FieldShape } from '../../api/catalogue.ts'
import { Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './builder.module.css'
import { LengthInput } from './length-input.tsx'

export type RecentNode = Extract<Condition, { recent: unknown }>
export type TrendNode = Extract<Condition, { trend: unknown }>

interface Whole { label: string; value: number; most: number; least?: number; onChange: (value: number) => void }
const WholeInput = ({ label: name, value, most, least = 1, onChange }: Whole) => (
  <Input small inputMode="numeric" className={css.whole} aria-label={name} value={String(value)} onText={(text) => onChange(Math.max(least, Math.min(most, Number(text.replace(/\D/g, '').slice(0, 4)) || least)))} />
)

/** By which of the children's times it goes; when they were made, where nothing else is said. */
function AlongPicker({ fields, at, onChange }: { fields: readonly FieldShape[]; at: string | undefined; onChange: (at: string | undefined) => void }) {
  const times = fields.filter(({ kind }) => kind === 'date' || kind === 'datetime')
  return <Picker small label={t('conditions.alongField')} value={at ?? 'created_at'} options={times.map((field) => ({ value: field.key, label: label(field.label) }))} onPick={(key) => onChange(key && key !== 'created_at' ? key : undefined)} />
}

const without = <Node extends object>(node: Node, key: string): Node => Object.fromEntries(Object.entries(node).filter(([each]) => each !== key)) as Node
const withAt = <Node extends object>(node: Node, at: string | undefined): Node => (at === undefined ? without(node, 'at') : { ...node, at })

/** The newest so many, in which order; what each has to meet stands below. */
export function RecentMeasure({ node, fields, onChange }: { node: RecentNode; fields: readonly FieldShape[]; onChange: (node: Condition) => void }) {
  return (
    <span className={css.measure}>
      <span className="quiet dense">{t('conditions.by')}</span><AlongPicker fields={fields} at={node.at} onChange={(at) => onChange(withAt(node, at))} />
      <span className="quiet dense">{t('conditions.newest')}</span><WholeInput label={t('conditions.howMany')} value={node.last} most={20} onChange={(last) => onChange({ ...node, last })} /><span className="quiet dense">{t('conditions.allMeet')}</span>
    </span>
  )
}

const MOVES = ['down', 'up'] as const
/** Whoever turns from days to months means one month, not thirty. */
const beside = (was: string, per: string): string => (isMonths(per) && !isMonths(was) ? '1mo' : per)
/** No field is called so. */
const HOW_MANY = '#'

/** One span against the one before it, so many times running. */
export function TrendMeasure({ node, fields, numeric, onChange }: { node: TrendNode; fields: readonly FieldShape[]; numeric: readonly FieldShape[]; onChange: (node: Condition) => void }) {
  const whats = [{ value: HOW_MANY, label: t('conditions.kind_count') }, ...numeric.map((field) => ({ value: field.key, label: t('conditions.sumOf', { field: label(field.label) }) }))]
  return (
    <span className={css.measure}>
      <Picker small label={t('conditions.field')} value={node.of ?? HOW_MANY} options={whats} onPick={(of) => of && onChange(of === HOW_MANY ? without(node, 'of') : { ...node, of })} />
      <span className="quiet dense">{t('conditions.by')}</span><AlongPicker fields={fields} at={node.at} onChange={(at) => onChange(withAt(node, at))} />
      <span className="quiet dense">{t('conditions.per')}</span><LengthInput months="whole" days={fields.find(({ key }) => key === node.at)?.kind === 'date'} value={node.per} onChange={(per) => onChange({ ...node, per: beside(node.per, per) })} />
      {isMonths(node.per) && <span className="quiet dense">{t('conditions.withoutThisMonth')}</span>}
      <Picker small label={t('conditions.comparison')} value={node.move} options={MOVES.map((move) => ({ value: move, label: t(`conditions.move_${move}`) }))} onPick={(move) => move && onChange({ ...node, move: move as (typeof MOVES)[number] })} />
      <WholeInput label={t('conditions.percent')} value={node.percent} least={0} most={1000} onChange={(percent) => onChange({ ...node, percent })} /><span className="quiet dense">%</span>
      <span className="quiet dense">{t('conditions.running')}</span><WholeInput label={t('conditions.runningTimes')} value={node.periods} most={6} onChange={(periods) => onChange({ ...node, periods })} /><span className="quiet dense">{t('conditions.timesUnit')}</span>
    </span>
  )
}
