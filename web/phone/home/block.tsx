import type { WorkbenchShape } from '#contract/api'
import { useState } from 'react'
import { now } from '../../api/clock.ts'
import { at } from '../../app/paths.ts'
import { label, t, type WordKey } from '../../i18n/index.ts'
import { Empty, Panel } from '../frame/pieces.tsx'
import { Link } from '../frame/router.tsx'
import { p } from '../words/index.ts'
import { EventRow } from './event-row.tsx'
import css from './home.module.css'
import { LeadRow } from './lead-row.tsx'

export type BlockShape = WorkbenchShape['blocks'][number]
export type RowShape = BlockShape['rows'][number]

/** Blocks of people to get in touch with carry acts; the others tell what happened. */
const WITH_ACTS: ReadonlySet<BlockShape['key']> = new Set(['today', 'assign'])
/** So that the next block can be reached with one flick. */
const FIRST_SHOWN = 6

export function Block({ block }: { block: BlockShape }) {
  const [all, setAll] = useState(false)
  const acting = WITH_ACTS.has(block.key)
  const rows = acting || all || block.rows.length <= FIRST_SHOWN + 1 ? block.rows : block.rows.slice(0, FIRST_SHOWN)
  const hidden = block.rows.length - rows.length
  return (
    <Panel title={label(block.title)} hint={summary(block)} label={label(block.title)} className={css.block}>
      {block.rows.length === 0 && <Empty icon={acting ? 'check' : 'history'} title={t(`workbench.${block.key}Empty` as WordKey)}>{t(`workbench.${block.key}EmptyHelp` as WordKey)}</Empty>}
      <ul>{rows.map((row, index) => (acting ? <LeadRow key={row.id} row={row} assign={block.key === 'assign'} /> : <EventRow key={`${row.id}-${row.about?.id ?? index}`} row={row} block={block.key} />))}</ul>
      {hidden > 0 && <button type="button" className={css.more} onClick={() => setAll(true)}>{p('showRest', { n: hidden })}</button>}
      {block.more && block.rows[0] && <Link to={at.list(block.rows[0].object)} className={css.more}>{t('workbench.seeAll')}</Link>}
    </Panel>
  )
}

const HOT_MS = 3 * 3_600_000
export const isHot = (row: RowShape): boolean => row.due !== null && Date.parse(row.due) - now().getTime() < HOT_MS

function summary(block: BlockShape): string | null {
  if (block.rows.length === 0) return null
  const count = `${block.rows.length}${block.more ? '+' : ''}`
  const hot = block.rows.filter(isHot).length
  if (WITH_ACTS.has(block.key) && hot > 0) return t('workbench.countHot', { count, hot })
  return t(WITH_ACTS.has(block.key) ? 'workbench.count' : 'workbench.countItems', { count })
}
