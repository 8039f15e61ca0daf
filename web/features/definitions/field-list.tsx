import type { Field, ObjectDefinition } from '#language/definitions'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Panel, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { read } from '../conditions/sentence.ts'
import { groupName } from '../records/groups.ts'
import css from './definitions.module.css'

interface Props { object: ObjectDefinition; onEdit: (field: Field) => void; onRetire: (field: Field, retired: boolean) => void; onOrder: (fields: Field[]) => void }

export function FieldList({ object, onEdit, onRetire, onOrder }: Props) {
  const [old, setOld] = useState(false)
  const live = object.fields.filter((field) => !field.retired)
  const retired = object.fields.filter((field) => field.retired)
  /** Moves within its own group: order across groups is the order of their first fields. */
  const move = (field: Field, by: -1 | 1) => {
    const peers = live.filter((each) => (each.group ?? '') === (field.group ?? ''))
    const other = peers[peers.indexOf(field) + by]
    if (!other) return
    const fields = [...object.fields]
    const [a, b] = [fields.indexOf(field), fields.indexOf(other)]
    ;[fields[a], fields[b]] = [other, field]
    onOrder(fields)
  }
  return (
    <>
      {[...Map.groupBy(live, (field) => groupName(object, field, t('records.fields')))].map(([group, fields]) => (
        <Panel key={group} title={group} hint={t('definitions.fieldCount', { n: fields.length })}>
          <div className={css.scroll}><table className={css.table}>
            <thead className="sr"><tr><th>{t('definitions.name')}</th><th>{t('definitions.kind')}</th><th>{t('definitions.traits')}</th><th>{t('definitions.acts')}</th></tr></thead>
            <tbody>{fields.map((field, index) => <Row key={field.key} object={object.key} field={field} isTitle={field.key === object.title} onEdit={() => onEdit(field)} onRetire={() => onRetire(field, true)} onUp={index > 0 ? () => move(field, -1) : null} onDown={index < fields.length - 1 ? () => move(field, 1) : null} />)}</tbody>
          </table></div>
        </Panel>
      ))}
      {retired.length > 0 && <div><Button small look="quiet" onClick={() => setOld(!old)}>{t('definitions.retiredFields', { n: retired.length })}</Button></div>}
      {old && <Panel title={t('definitions.retired')} hint={t('definitions.retiredHint')}><ul>{retired.map((field) => <li key={field.key} className={css.row}><span className={css.names}><span>{label(field.label)}</span><span className="hint mono">{field.key}</span></span><Button small onClick={() => onRetire(field, false)}>{t('definitions.bringBack')}</Button></li>)}</ul></Panel>}
    </>
  )
}

interface RowProps { object: string; field: Field; isTitle: boolean; onEdit: () => void; onRetire: () => void; onUp: (() => void) | null; onDown: (() => void) | null }
function Row({ object, field, isTitle, onEdit, onRetire, onUp, onDown }: RowProps) {
  const name = label(field.label)
  return (
    <tr>
      <td><button type="button" className={css.name} onClick={onEdit}>{name}</button> <span className="hint mono">{field.key}</span></td>
      <td className="quiet"><Kind field={field} /></td>
      <td><span className={css.traits}>{isTitle && <Tag>{t('definitions.isTitle')}</Tag>}{field.required && <Tag>{t('common.required')}</Tag>}{field.unique && <Tag>{t('definitions.unique')}</Tag>}{field.readOnly && <Tag>{t('definitions.readOnly')}</Tag>}{field.searchable && <Tag>{t('definitions.searchable')}</Tag>}{field.personal && <Tag>{t('definitions.personal')}</Tag>}<CheckSentence object={object} field={field} /></span></td>
      <td><span className={css.acts}><IconButton small icon="up" label={t('definitions.upNamed', { name })} disabled={!onUp} onClick={() => onUp?.()} /><IconButton small icon="down" label={t('definitions.downNamed', { name })} disabled={!onDown} onClick={() => onDown?.()} /><IconButton small icon="edit" label={t('records.editNamed', { name })} onClick={onEdit} /><IconButton small icon="trash" label={t('definitions.retireNamed', { name })} disabled={isTitle} onClick={onRetire} /></span></td>
    </tr>
  )
}

/** 「单选 · 行业」, 「关联 · 客户」. */
function Kind({ field }: { field: Field }) {
  const catalogue = useCatalogue()
  const dictionary = catalogue.dictionaries.find((each) => each.key === field.dictionary)
  const to = field.to === '*' ? t('definitions.anyObject') : [field.to ?? []].flat().map((key) => label(catalogue.object(key)?.label) || key).join(t('common.listGap'))
  const rest = dictionary ? label(dictionary.label) : to
  return <>{t(`definitions.kind_${field.kind}`)}{rest && ` · ${rest}`}</>
}

function CheckSentence({ object, field }: { object: string; field: Field }) {
  const catalogue = useCatalogue()
  if (!field.check) return null
  const reading = read(catalogue, object, field.check.condition, 'field-check')
  return <span className="hint">{reading.ok ? reading.sentence : t('rules.unfinished')}</span>
}
