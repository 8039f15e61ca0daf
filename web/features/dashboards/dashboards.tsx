import { type ComponentType, lazy, Suspense, useState } from 'react'
import type { DashboardShape } from '#contract/api'
import type { Dashboard } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Empty, Panel, Skeleton, Tabs } from '../../design/pieces.tsx'
import { MenuButton, type MenuEntry } from '../../design/popover.tsx'
import { label, t } from '../../i18n/index.ts'
import { Board } from './board.tsx'
import { boardsOf, copyFor, freshBoardKey, isMine, wholeOf } from './boards.ts'
import css from './dashboards.module.css'
import { removeBoard, restoreBoard, saveBoard } from './store.ts'
import { d } from './words.ts'

const ShareBoard = lazy(async () => ({ default: (await import('./share-board.tsx')).ShareBoard }))

interface Props { chosen: string | undefined; onChoose: (board: string) => void; /** The desk only: a thumb looks. */ editor?: ComponentType<Editing> }
/** What an editor of a board is given. */
export interface Editing { board: Dashboard; busy: boolean; onSave: (board: Dashboard) => void; onClose: () => void }

/** The dashboards of a member: one's role's, one's own, and what was shared. */
export function Dashboards({ chosen, onChoose, editor: Editor }: Props) {
  const catalogue = useCatalogue()
  const boards = boardsOf(catalogue)
  const board = boards.find(({ key, instead }) => key === chosen || instead === chosen) ?? boards[0]
  const [editing, setEditing] = useState<Dashboard | null>(null)
  const [asking, setAsking] = useState<Dashboard | null>(null)
  const [sharing, setSharing] = useState(false)
  const [busy, setBusy] = useState(false)
  const create = () => setEditing({ key: freshBoardKey(), label: plainLabel(d('untitled')), owner: catalogue.me.id, shared: false, order: 1000 + boards.length, tiles: [] })
  const put = async (next: Dashboard, told: string) => {
    setBusy(true)
    if (await saveBoard(next, told, board?.key === next.key ? wholeOf(board) : undefined)) { setEditing(null); setAsking(null); onChoose(next.key) }
    setBusy(false)
  }
  const asOwn = (next: Dashboard) => put(copyFor(next, catalogue.me.id), d('savedOwn', { name: label(next.label) }))
  const save = (next: Dashboard) => {
    if (isMine(catalogue, next)) void put(next, d('saved'))
    else if (catalogue.can('definitions')) setAsking(next)
    else void asOwn(next)
  }
  if (editing && Editor) return <><Suspense fallback={<Skeleton rows={8} />}><Editor board={editing} busy={busy} onClose={() => setEditing(null)} onSave={save} /></Suspense>{asking && <ForWhom board={asking} busy={busy} onMe={() => void asOwn(asking)} onAll={() => void put(asking, d('saved'))} onClose={() => setAsking(null)} />}</>
  const acts = Editor && <><span className="grow" />{board && <Button small icon="edit" onClick={() => setEditing(wholeOf(board))}>{d('edit')}</Button>}<MenuButton small icon="more" label={d('menu')} entries={entries(board, { create, share: () => setSharing(true), may: catalogue.can('definitions'), me: catalogue.me.id })} /></>
  return (
    <>
      {(boards.length > 1 || Editor) && <Tabs label={d('boards')} value={board?.key ?? ''} tabs={boards.map(({ key, label: name }) => ({ value: key, label: label(name) }))} onChoose={onChoose} after={acts} />}
      {board ? <Board key={board.key} board={board} /> : <Panel label={d('title')}><Empty icon="columns" title={d('noBoards')} act={Editor && <Button look="primary" onClick={create}>{d('newBoard')}</Button>}>{d('noBoardsHelp')}</Empty></Panel>}
      {sharing && board && <Suspense><ShareBoard board={board} onClose={() => setSharing(false)} onSave={(next) => saveBoard(next, d('saved'), wholeOf(board))} /></Suspense>}
    </>
  )
}

interface Acts { create: () => void; share: () => void; may: boolean; me: number }
function entries(board: DashboardShape | undefined, { create, share, may, me }: Acts): MenuEntry[] {
  const own = board !== undefined && board.owner === me
  const name = label(board?.label)
  return [
    { key: 'new', icon: 'plus', label: d('newBoard'), onPick: create },
    ...(board && (may || (own && !board.shared)) ? [{ key: 'share', icon: 'people' as const, label: d('share'), onPick: share }] : []),
    ...(board && ((own && board.instead !== undefined) || (may && board.owner === null)) ? [{ key: 'restore', icon: 'history' as const, label: d('restore'), onPick: () => void restoreBoard(board) }] : []),
    ...(board && board.instead === undefined && ((own && !board.shared) || (may && board.owner !== null)) ? [{ key: 'remove', icon: 'trash' as const, label: d('remove'), danger: true, onPick: () => void removeBoard(board, d('removed', { name })) }] : []),
  ]
}

/** What others see is not changed by the way. */
function ForWhom({ board, busy, onMe, onAll, onClose }: { board: Dashboard; busy: boolean; onMe: () => void; onAll: () => void; onClose: () => void }) {
  const name = label(board.label)
  return (
    <Dialog title={d('forWhom')} width={440} onClose={onClose} foot={<Button onClick={onClose}>{t('common.cancel')}</Button>}>
      <div className={css.choices}>
        <button type="button" className={css.card} disabled={busy} onClick={onMe}><b>{d('forMe')}</b><span className="hint">{d('forMeHelp')}</span></button>
        <button type="button" className={css.card} disabled={busy} onClick={onAll}><b>{d('forAll')}</b><span className="hint">{d('forAllHelp', { name })}</span></button>
      </div>
    </Dialog>
  )
}
