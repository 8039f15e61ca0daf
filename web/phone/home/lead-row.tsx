import { Suspense, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { Icon } from '../../design/icons.tsx'
import { label, t } from '../../i18n/index.ts'
import { CallLink } from '../follow/call-link.tsx'
import { openFollowUp } from '../follow/state.ts'
import { Grade, Tag } from '../frame/pieces.tsx'
import { Link } from '../frame/router.tsx'
import { ago, remaining } from '../frame/times.ts'
import { p } from '../words/index.ts'
import { later } from '../words/later.ts'
import { isHot, type RowShape } from './block.tsx'
import { gradeOf } from './grades.ts'
import css from './home.module.css'

const MemberSheet = later(async () => ({ default: (await import('../records/member-sheet.tsx')).MemberSheet }))

/** Grade, name, company, the one reason it is here, the time left, and the two acts. */
export function LeadRow({ row, assign }: { row: RowShape; assign: boolean }) {
  const catalogue = useCatalogue()
  const grade = gradeOf(catalogue, row.object, row.grade)
  const whose = catalogue.member(row.owner)
  const subject = { object: row.object, id: row.id, title: row.title, company: row.company }
  return (
    <li className={css.lead} data-assign={assign || undefined}>
      <i className={css.bar} data-colour={grade?.colour ?? 'none'} aria-hidden="true" />
      <Link to={at.record(row.object, row.id)} className={css.who}>
        <span className={css.name}><b>{row.title}</b>{row.company && <span>{row.company}</span>}{!assign && whose && whose.id !== catalogue.me.id && <Tag>{t('workbench.forWhom', { name: whose.name })}</Tag>}</span>
        {row.tags.length > 0 && <span className={css.tags}>{row.tags.slice(0, 3).map((key) => { const tag = catalogue.tag(key); return <Tag key={key} policy={tag?.policy}>{tag ? label(tag.label) : key}</Tag> })}</span>}
        <span className={css.why}>{grade && <Grade colour={grade.colour}>{grade.word}</Grade>}<span>{assign && row.owner ? t('workbench.heldBy', { name: catalogue.member(row.owner)?.name ?? t('common.unknownMember') }) : label(row.reason)}</span></span>
      </Link>
      <time className={cx(css.left, isHot(row) && css.hot)} dateTime={row.due ?? row.at ?? undefined}>{row.due ? remaining(row.due) : row.at ? ago(row.at) : null}</time>
      <div className={css.acts}>
        {assign ? <Assign row={row} /> : <>{row.phone && <CallLink subject={subject} phone={row.phone} />}<Button onClick={() => openFollowUp({ subject })}><Icon name="edit" />{t('followup.short')}</Button></>}
      </div>
    </li>
  )
}

/** Gives a record that nobody has to a colleague, in two presses. */
function Assign({ row }: { row: RowShape }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  const give = async (member: number) => { setOpen(false); const { transfer } = await import('../../features/records/acts.ts'); void transfer(catalogue, row.object, [row], { owner: member }) }
  return <><Button aria-haspopup="dialog" onClick={() => setOpen(true)}>{t('workbench.assign')}</Button>{open && <Suspense><MemberSheet title={p('assignTo', { name: row.title })} chosen={row.owner} onPick={(member) => void give(member)} onClose={() => setOpen(false)} /></Suspense>}</>
}
