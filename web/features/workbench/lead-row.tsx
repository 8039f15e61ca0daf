import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { ago, remaining } from '../../design/format.ts'
import { Tag } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import type { FollowUpStart } from '../followup/follow-up.tsx'
import { CallButton } from '../followup/call-button.tsx'
import { AssignButton } from './assign-button.tsx'
import { GradeBar } from './grade-bar.tsx'
import { isHot, type RowShape } from './block.tsx'
import css from './workbench.module.css'

/** Whose work this is, where somebody stands in for them. */
export function ForWhom({ row: { owner }, assign }: { row: RowShape; assign: boolean }) {
  const catalogue = useCatalogue()
  const whose = catalogue.member(owner)
  return assign || !whose || whose.id === catalogue.me.id ? null : <Tag colour="amber">{t('workbench.forWhom', { name: whose.name })}</Tag>
}

/** Grade, name, company, the one reason it is here, the time left, and the two acts. */
export function LeadRow({ row, assign, focused, onFollow }: { row: RowShape; assign: boolean; focused: boolean; onFollow: (start: FollowUpStart) => void }) {
  const catalogue = useCatalogue()
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => { if (focused) link.current?.focus() }, [focused])
  const subject = { object: row.object, id: row.id, title: row.title }
  return (
    <li className={css.lead} data-focused={focused}>
      <GradeBar object={row.object} grade={row.grade} />
      <div className={css.who}>
        <div className={css.name}>
          <Link ref={link} to={at.record(row.object, row.id)} className={css.title}><b>{row.title}</b>{row.company && <span>{row.company}</span>}</Link>
          <ForWhom row={row} assign={assign} />{row.tags.slice(0, 3).map((key) => { const tag = catalogue.tag(key); return <Tag key={key} policy={tag?.policy}>{tag ? label(tag.label) : key}</Tag> })}
        </div>
        <div className={css.why}>{assign && row.owner ? t('workbench.heldBy', { name: catalogue.member(row.owner)?.name ?? t('common.unknownMember') }) : label(row.reason)}</div>
      </div>
      <time className={cx(css.left, isHot(row) && css.hot)} dateTime={row.due ?? row.at ?? undefined}>{row.due ? remaining(row.due) : row.at ? ago(row.at) : null}</time>
      <div className={css.acts}>
        {assign ? <AssignButton row={row} /> : (
          <>
            {row.phone && <CallButton phone={row.phone} name={row.title} onFollow={() => onFollow({ subject, known: [], method: 'phone' })} />}
            <Button small onClick={() => onFollow({ subject, known: [] })}>{t('followup.short')}</Button>
          </>
        )}
      </div>
    </li>
  )
}
