import { Link } from '@tanstack/react-router'
import { useCatalogue } from '../../api/catalogue.ts'
import { at, placeFor } from '../../app/paths.ts'
import { cx } from '../../design/classes.ts'
import { ago, remaining } from '../../design/format.ts'
import { label, lang, t } from '../../i18n/index.ts'
import type { BlockShape, RowShape } from './block.tsx'
import { isHot } from './block.tsx'
import css from './workbench.module.css'

/** The sentence begins with its time where nothing else tells it; here the time stands at the right. */
const TIME = { zh: /^(?:刚刚|\d+ (?:分钟|小时|天)前|(?:\d{4}-)?\d{2}-\d{2} \d{2}:\d{2})/, en: /^[^:]+(?::\d{2})?: / }
const withoutTime = (sentence: string): string => sentence.replace(TIME[lang()], '').trim() || sentence

/** Blocks of one's own work: whatever is another's there, one stands in for them. */
const OWN: ReadonlySet<BlockShape['key']> = new Set(['behaviours', 'unfinished', 'tasks'])

/** What a customer did, or what is still open: a sentence, a second line, when. */
export function EventRow({ row, block }: { row: RowShape; block: BlockShape['key'] }) {
  const catalogue = useCatalogue()
  const grade = catalogue.gradings.find((each) => each.object === row.object)
  const colour = row.grade ? catalogue.option(catalogue.object(row.object)?.field.get(grade?.field ?? 'grade')?.dictionary, row.grade)?.colour : undefined
  const whose = catalogue.member(row.owner)
  const owner = block === 'stuck' || block === 'audit' ? whose?.name : OWN.has(block) && whose && whose.id !== catalogue.me.id ? t('workbench.forWhom', { name: whose.name }) : undefined
  const below = block === 'audit' ? [row.title] : [row.company, owner]
  return (
    <li className={css.event}>
      <i className={css.dot} data-colour={colour ?? 'none'} aria-hidden="true" />
      <Link to={placeFor(row.object, row.id) ?? at.home} className={css.story}>
        <span>{block !== 'audit' && <b>{row.title} </b>}{block === 'behaviours' ? withoutTime(label(row.reason)) : block === 'audit' ? label(row.reason) : row.about?.title !== row.title && row.about?.title}</span>
        {below.some(Boolean) && <span className={css.sub}>{below.filter(Boolean).join(' · ')}</span>}
      </Link>
      <time className={cx(css.when, row.due && isHot(row) && css.hot)} dateTime={row.due ?? row.at ?? undefined}>{row.due ? remaining(row.due) : row.at ? ago(row.at) : null}</time>
    </li>
  )
}
