import type { Condition, Operator } from '#language/conditions'
import { useMemo } from 'react'
import { useCatalogue, type FieldShape } from '../../api/catalogue.ts'
import { IconButton } from '../../design/button.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t, type WordKey } from '../../i18n/index.ts'
import css from './builder.module.css'
import { problemAt, type Scope } from './builder.tsx'
import { fieldOptions } from './names.ts'
import { fieldAt, isChanged, leafAt, leafNode, newLeaf, operatorsFor, pathOf, pathText, withOperator } from './tree.ts'
import { OneValue, ValueInput } from './value-input.tsx'

interface Props { node: Condition; scope: Scope; onChange: (node: Condition) => void; onRemove: () => void }

/** Field, comparison, value. In rules a field may also have changed, or changed to something. */
export function LeafRow({ node, scope, onChange, onRemove }: Props) {
  const catalogue = useCatalogue()
  const options = useMemo(() => fieldOptions(catalogue, scope.object, { withParents: scope.profile !== 'field-check' }), [catalogue, scope.object, scope.profile])
  const changed = isChanged(node) ? ('changed' in node ? node.changed : node.changedTo) : null
  const at = leafAt(node)
  const path = at ? { via: at.via, field: at.leaf.field } : { via: null, field: changed ?? '' }
  const field = fieldAt(catalogue, scope.object, path)
  const pickField = (text: string) => { const next = pathOf(text); const facts = fieldAt(catalogue, scope.object, next); if (facts) onChange(leafNode(next.via, newLeaf(facts))) }
  const problem = problemAt(scope, scope.path)
  const shown = field && (path.via ? `${label(catalogue.object(scope.object)?.field.get(path.via)?.label)} › ${label(field.label)}` : label(field.label))
  return (
    <div className={css.leaf}>
      <Picker small label={t('conditions.field')} value={pathText(path)} shown={shown} options={options} onPick={(text) => text && pickField(text)} />
      {field && <Comparison node={node} field={field} rule={scope.profile === 'rule' && path.via === null} onChange={onChange} />}
      <div className={css.value}>
        {field && at && <ValueInput field={field} leaf={at.leaf} onChange={(leaf) => onChange(leafNode(at.via, leaf))} />}
        {field && 'changedTo' in node && <OneValue field={field} value={node.value} onChange={(value) => onChange({ changedTo: node.changedTo, value: value as string })} />}
      </div>
      <IconButton small icon="close" label={t('conditions.remove')} onClick={onRemove} />
      {problem && <p className={css.problem} role="alert">{problem}</p>}
    </div>
  )
}

function Comparison({ node, field, rule, onChange }: { node: Condition; field: FieldShape; rule: boolean; onChange: (node: Condition) => void }) {
  const at = leafAt(node)
  const chosen = at ? at.leaf.op : 'changed' in node ? 'changed' : 'changedTo'
  const time = field.kind === 'date' || field.kind === 'datetime'
  const plain = operatorsFor(field).map((op) => ({ value: op as string, label: t(`conditions.op_${time && EARLIER.has(op) ? 'time_' : ''}${op}` as WordKey) }))
  const extra = rule ? ['changed', 'changedTo'].map((value) => ({ value, label: t(`conditions.op_${value}` as WordKey) })) : []
  const pick = (op: string | null) => {
    if (op === 'changed') onChange({ changed: field.key })
    else if (op === 'changedTo') onChange({ changedTo: field.key, value: '' })
    else if (op) onChange(leafNode(at?.via ?? null, withOperator(at?.leaf ?? newLeaf(field), op as Operator)))
  }
  return <Picker small label={t('conditions.comparison')} value={chosen} options={[...plain, ...extra]} onPick={pick} />
}

/** Times are earlier or later, not smaller or larger. */
const EARLIER: ReadonlySet<string> = new Set(['gt', 'ge', 'lt', 'le'])
