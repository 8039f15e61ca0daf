import { useCatalogue } from '../../api/catalogue.ts'
import { at, placeFor } from '../../app/paths.ts'
import { cx } from '../../design/classes.ts'
import { label, t } from '../../i18n/index.ts'
import { Link } from '../frame/router.tsx'
import { ago, remaining } from '../frame/times.ts'
import { isHot, type BlockShape, type RowShape } from './block.tsx'
import { gradeOf } from './grades.ts'
import css from './home.module.css'

/** Blocks of one's own work: whatever is another's there, one stands in for them. */
const OWN: ReadonlySet<BlockShape['key']> = new Set(['behaviours', 'unfinished', 'tasks'])

/** What a customer did, or what is still open: a sentence, a second line, when. */
export function EventRow({ row, block }: { row: RowShape; block: BlockShape['key'] }) {
  const catalogue = useCatalogue()
  const whose = catalogue.member(row.owner)
  const owner = block === 'stuck' || block === 'audit' ? whose?.name : OWN.has(block) && whose && whose.id !== catalogue.me.id ? t('workbench.forWhom', { name: whose.name }) : undefined
  const told = block === 'behaviours' || block === 'audit' ? label(row.reason) : (row.about?.title ?? '')
  // The sentence about a behaviour says when; a task that names its customer needs not name him twice.
  const when = block === 'behaviours' ? null : row.due ? remaining(row.due) : row.at ? ago(row.at) : null
  const below = block === 'audit' ? [row.title] : [told && !told.includes(row.title) ? row.company : null, owner]
  return (
    <li>
      <Link to={placeFor(row.object, row.id) ?? at.home} className={css.event}>
        <i className={css.dot} data-colour={gradeOf(catalogue, row.object, row.grade)?.colour ?? 'none'} aria-hidden="true" />
        <span className={css.story}><span>{!told.includes(row.title) && block !== 'audit' && <b>{row.title} </b>}{told}</span>{below.some(Boolean) ? <span className={css.sub}>{below.filter(Boolean).join(' · ')}</span> : told.includes(row.title) && row.company && <span className={css.sub}>{row.company}</span>}</span>
        {when && <time className={cx(css.when, row.due && isHot(row) && css.hot)} dateTime={row.due ?? row.at ?? undefined}>{when}</time>}
      </Link>
    </li>
  )
}
