import type { Condition } from '#language/conditions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Picker } from '../../design/picker.tsx'
import { t } from '../../i18n/index.ts'
import { RelatedOrBehaviour } from './behaviour-row.tsx'
import { eventsOf } from './behaviours.ts'
import css from './builder.module.css'
import type { Scope } from './builder.tsx'
import { LeafRow } from './leaf-row.tsx'
import { asGroup, groupOf, isChanged, isRelated, leafAt, newLeaf, relationsOf, type GroupView, type Joint } from './tree.ts'
import { relationName } from './names.ts'

interface Props { group: GroupView; onChange: (group: GroupView) => void; scope: Scope; onRemove?: () => void }
const DEEPEST = 4

/** One group: how its parts go together, the parts, and what may be added. */
export function GroupRows({ group, onChange, scope, onRemove }: Props) {
  const catalogue = useCatalogue()
  const put = (at: number, part: Condition) => onChange({ ...group, parts: group.parts.map((each, index) => (index === at ? part : each)) })
  const drop = (at: number) => onChange({ ...group, parts: group.parts.filter((_, index) => index !== at) })
  const add = (part: Condition) => onChange({ ...group, parts: [...group.parts, part] })
  const first = catalogue.object(scope.object)?.fields.find((field) => !field.retired && field.kind !== 'auto')
  const relations = scope.profile === 'field-check' ? [] : relationsOf(catalogue, scope.object, relationName)
  const [event] = scope.profile === 'field-check' ? [] : eventsOf(catalogue, scope.object, relationName)
  return (
    <div className={scope.depth > 0 ? css.group : css.top}>
      {(group.parts.length > 1 || group.joint !== 'all' || scope.depth > 0) && <Heading group={group} onChange={onChange} onRemove={onRemove} />}
      <ol className={css.rows}>
        {group.parts.map((part, at) => <li key={at}><Part part={part} scope={{ ...scope, path: join(scope.path, scope.path === '' ? '' : String(at)) }} onChange={(next) => put(at, next)} onRemove={() => drop(at)} /></li>)}
      </ol>
      <div className={css.adds}>
        <Button small look="quiet" icon="plus" disabled={!first} onClick={() => first && add(newLeaf(first))}>{t('conditions.addCondition')}</Button>
        {event && <Button small look="quiet" icon="plus" onClick={() => add({ count: { object: event.object, via: event.via }, op: 'ge', value: 3, within: '30d' })}>{t('conditions.addBehaviour')}</Button>}
        {relations.length > 0 && <Button small look="quiet" icon="plus" onClick={() => add({ some: { object: relations[0]!.object, via: relations[0]!.via } })}>{t('conditions.addRelated')}</Button>}
        {scope.depth < DEEPEST && <Button small look="quiet" icon="plus" disabled={!first} onClick={() => first && add({ any: [newLeaf(first)] })}>{t('conditions.addGroup')}</Button>}
      </div>
    </div>
  )
}

const join = (path: string, step: string): string => [path, step].filter(Boolean).join('.')

function Heading({ group, onChange, onRemove }: { group: GroupView; onChange: (group: GroupView) => void; onRemove?: (() => void) | undefined }) {
  const joints: Joint[] = ['all', 'any', 'none']
  return (
    <div className={css.heading}>
      <span className="quiet">{t('conditions.meet')}</span>
      <Picker look="inline" label={t('conditions.meet')} value={group.joint} options={joints.map((joint) => ({ value: joint, label: t(`conditions.${joint}`) }))} onPick={(joint) => joint && onChange({ ...group, joint: joint as Joint })} />
      <span className="grow" />
      {onRemove && <IconButton small icon="close" label={t('conditions.removeGroup')} onClick={onRemove} />}
    </div>
  )
}

function Part({ part, scope, onChange, onRemove }: { part: Condition; scope: Scope; onChange: (part: Condition) => void; onRemove: () => void }) {
  const group = asGroup(part)
  if (group) return <GroupRows group={group} onChange={(next) => onChange(groupOf(next))} onRemove={onRemove} scope={{ ...scope, depth: scope.depth + 1, path: join(scope.path, 'all' in part ? 'all' : 'any' in part ? 'any' : 'not.any') }} />
  if (isRelated(part)) return <RelatedOrBehaviour node={part} scope={scope} onChange={onChange} onRemove={onRemove} />
  if (leafAt(part) || isChanged(part)) return <LeafRow node={part} scope={scope} onChange={onChange} onRemove={onRemove} />
  if ('not' in part) return <GroupRows group={{ joint: 'none', parts: [part.not] }} onChange={(next) => onChange(groupOf(next))} onRemove={onRemove} scope={{ ...scope, depth: scope.depth + 1, path: join(scope.path, 'not') }} />
  return <ParentGroup part={part} scope={scope} onChange={onChange} onRemove={onRemove} />
}

/** Several sentences about the record that a reference points to. */
function ParentGroup({ part, scope, onChange, onRemove }: { part: Condition; scope: Scope; onChange: (part: Condition) => void; onRemove: () => void }) {
  const catalogue = useCatalogue()
  if (!('parent' in part)) return null
  const field = catalogue.object(scope.object)?.field.get(part.parent)
  const target = typeof field?.to === 'string' ? field.to : scope.object
  const inner = asGroup(part.where) ?? { joint: 'all' as const, parts: [part.where] }
  return <GroupRows group={inner} onChange={(next) => onChange({ parent: part.parent, where: groupOf(next) })} onRemove={onRemove} scope={{ ...scope, object: target, depth: scope.depth + 1, path: join(scope.path, 'where.all') }} />
}
