import { Link, useNavigate } from '@tanstack/react-router'
import type { WorkbenchShape } from '#contract/api'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { cx } from '../../design/classes.ts'
import { now } from '../../api/clock.ts'
import { Empty, Panel } from '../../design/pieces.tsx'
import { useRowKeys } from '../../design/row-keys.ts'
import { label, t, type WordKey } from '../../i18n/index.ts'
import type { FollowUpStart } from '../followup/follow-up.tsx'
import { LeadRow } from './lead-row.tsx'
import { EventRow } from './event-row.tsx'
import css from './workbench.module.css'

export type BlockShape = WorkbenchShape['blocks'][number]
export type RowShape = BlockShape['rows'][number]

/** Blocks of people to get in touch with carry acts; the others tell what happened. */
const WITH_ACTS: ReadonlySet<BlockShape['key']> = new Set(['today', 'assign'])

/** A block tells enough to act on; the rest is one press away. */
const SHOWN = 5

export function Block({ block, onFollow }: { block: BlockShape; onFollow: (start: FollowUpStart) => void }) {
  const navigate = useNavigate()
  const catalogue = useCatalogue()
  const [all, setAll] = useState(false)
  const acting = WITH_ACTS.has(block.key)
  const open = (index: number) => { const row = block.rows[index]; if (row) void navigate({ to: at.record(row.object, row.id) }) }
  const keysOf = useRowKeys({ count: block.rows.length, onOpen: open, enabled: acting })
  return (
    <Panel title={label(block.title)} hint={<Summary block={block} />} label={label(block.title)} acts={block.key === 'assign' && catalogue.assigning.length > 0 && <Link to={at.unassigned} className="link dense">{t('workbench.allUnassigned')}</Link>}>
      {block.rows.length === 0 && <Empty icon={acting ? 'check' : 'history'} title={t(`workbench.${block.key}Empty` as WordKey)}>{t(`workbench.${block.key}EmptyHelp` as WordKey)}</Empty>}
      <ul>
        {(acting || all ? block.rows : block.rows.slice(0, SHOWN)).map((row, index) => acting
          ? <LeadRow key={row.id} row={row} assign={block.key === 'assign'} focused={keysOf.at === index} onFollow={onFollow} />
          : <EventRow key={`${row.id}-${row.about?.id ?? index}`} row={row} block={block.key} />)}
      </ul>
      {!acting && block.rows.length > SHOWN && <button type="button" className={cx(css.more, 'link')} onClick={() => setAll(!all)}>{all ? t('shell.less') : t('workbench.others', { n: `${block.rows.length - SHOWN}${block.more ? '+' : ''}` })}</button>}
      {acting && block.more && block.rows[0] && <Link to={at.list(block.rows[0].object)} className={cx(css.more, 'link')}>{t('workbench.seeAll')}</Link>}
    </Panel>
  )
}

const HOT_MS = 3 * 3_600_000
export const isHot = (row: RowShape): boolean => row.due !== null && Date.parse(row.due) - now().getTime() < HOT_MS

function Summary({ block }: { block: BlockShape }) {
  if (block.rows.length === 0) return null
  const count = `${block.rows.length}${block.more ? '+' : ''}`
  const hot = block.rows.filter(isHot).length
  if (WITH_ACTS.has(block.key) && hot > 0) return <>{t('workbench.countHot', { count, hot })}</>
  return <>{t(block.key === 'today' || block.key === 'assign' ? 'workbench.count' : 'workbench.countItems', { count })}</>
}
