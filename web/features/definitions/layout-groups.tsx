import type { Layout } from '#language/definitions'
import { useState } from 'react'
import { plainLabel } from '../../api/definitions.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Check, Input } from '../../design/field.tsx'
import { Panel, Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { moved, stepped, toggled, type LaidField } from './layout-draft.ts'
import css from './layout.module.css'

interface Props { layout: Layout; fields: readonly LaidField[]; onChange: (layout: Layout) => void }

/** Groups and the fields in them: drawn to their place or moved by the arrows; where each is shown. */
export function LayoutGroups({ layout, fields, onChange }: Props) {
  const [drawn, setDrawn] = useState<string | null>(null)
  const byKey = new Map(fields.map((field) => [field.key, field]))
  const drop = (to: number, before: string | null) => (event: React.DragEvent) => { event.preventDefault(); event.stopPropagation(); if (drawn) onChange(moved(layout, drawn, { to, before })); setDrawn(null) }
  const name = (i: number, zh: string) => onChange({ ...layout, groups: layout.groups.map((group, at) => (at === i ? { ...group, label: plainLabel(zh) } : group)) })
  const swap = (i: number, by: -1 | 1) => { const groups = [...layout.groups]; const [own] = groups.splice(i, 1); groups.splice(i + by, 0, own!); onChange({ ...layout, groups }) }
  return (
    <Panel title={t('layouts.groups')} hint={t('layouts.notSecurity')} acts={<Button small icon="plus" onClick={() => onChange({ ...layout, groups: [...layout.groups, { label: plainLabel(t('layouts.newGroup')), fields: [] }] })}>{t('layouts.newGroup')}</Button>}>
      {layout.groups.map((group, i) => (
        <section key={i} className={css.group} aria-label={label(group.label)} onDragOver={(event) => event.preventDefault()} onDrop={drop(i, null)}>
          <header className={css.groupHead}>
            <Input small aria-label={t('layouts.groupName')} value={group.label.zh} maxLength={40} onText={(zh) => { if (zh) name(i, zh) }} />
            <IconButton small icon="up" label={t('definitions.upNamed', { name: label(group.label) })} disabled={i === 0} onClick={() => swap(i, -1)} />
            <IconButton small icon="down" label={t('definitions.downNamed', { name: label(group.label) })} disabled={i === layout.groups.length - 1} onClick={() => swap(i, 1)} />
          </header>
          {group.fields.length === 0 && <p className={css.none}>{t('layouts.emptyGroup')}</p>}
          <ul>{group.fields.flatMap((key) => byKey.get(key) ?? []).map((field) => (
            <li key={field.key} className={css.row} data-drawn={drawn === field.key} draggable onDragStart={(event) => { event.dataTransfer.effectAllowed = 'move'; setDrawn(field.key) }} onDragEnd={() => setDrawn(null)} onDragOver={(event) => event.preventDefault()} onDrop={drop(i, field.key)}>
              <span className={css.grip} aria-hidden="true">⠿</span>
              <span className="grow clip">{label(field.label)} {field.required && <Tag>{t('common.required')}</Tag>}</span>
              <Check checked={!layout.hidden.page.includes(field.key)} onCheck={() => onChange(toggled(layout, 'page', field.key))} aria-label={t('layouts.onPageNamed', { name: label(field.label) })}>{t('layouts.onPage')}</Check>
              <span data-none={field.fixed} className={css.create}><Check checked={field.required === true || !layout.hidden.create.includes(field.key)} disabled={field.required === true} onCheck={() => onChange(toggled(layout, 'create', field.key))} aria-label={t('layouts.onCreateNamed', { name: label(field.label) })}>{t('layouts.onCreate')}</Check></span>
              <IconButton small icon="up" label={t('definitions.upNamed', { name: label(field.label) })} onClick={() => onChange(stepped(layout, field.key, -1))} />
              <IconButton small icon="down" label={t('definitions.downNamed', { name: label(field.label) })} onClick={() => onChange(stepped(layout, field.key, 1))} />
            </li>
          ))}</ul>
        </section>
      ))}
    </Panel>
  )
}
