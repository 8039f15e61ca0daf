import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Tabs } from '../../design/pieces.tsx'
import { MenuButton, type MenuEntry } from '../../design/popover.tsx'
import { label, t } from '../../i18n/index.ts'
import { sortsOf } from './list-data.ts'
import type { ListState } from './list-state.ts'
import { SaveView } from './save-view.tsx'
import { mayChange, putView, removeView, reordered } from './view-store.ts'

/** Saved lists as tabs; a changed one offers to be kept. */
export function ViewTabs({ state }: { state: ListState }) {
  const catalogue = useCatalogue()
  const [saving, setSaving] = useState<'new' | 'change' | null>(null)
  const { view, views, changed } = state
  const editable = view !== undefined && mayChange(catalogue, view)
  const keep = () => { if (view) void putView({ ...view, filter: state.filter, sort: sortsOf(state.sort), columns: [...state.columns] }, view).then((done) => { if (done) state.choose(view.key) }) }
  const step = (by: -1 | 1): MenuEntry[] => { const next = view && editable ? reordered(views, view, by) : null; return next ? [{ key: `step${by}`, label: t(by < 0 ? 'records.viewLeft' : 'records.viewRight'), onPick: () => void putView(next, view) }] : [] }
  const menu: MenuEntry[] = [
    { key: 'as', label: t('records.saveAs'), icon: 'plus', onPick: () => setSaving('new') },
    ...(editable ? [{ key: 'change', label: t('records.changeView'), icon: 'edit' as const, onPick: () => setSaving('change') }, ...step(-1), ...step(1), { key: 'delete', label: t('records.deleteView'), icon: 'trash' as const, danger: true, onPick: () => void removeView(view) }] : []),
  ]
  const acts = (
    <>
      {changed && <Button small look="quiet" onClick={state.reset}>{t('records.resetView')}</Button>}
      {changed && editable && <Button small onClick={keep}>{t('records.saveView')}</Button>}
      {changed && !editable && <Button small onClick={() => setSaving('new')}>{t('records.saveAs')}</Button>}
      <MenuButton small icon="more" label={t('records.viewMenu')} entries={menu} />
    </>
  )
  const old = saving === 'change' ? view : undefined
  return (
    <>
      <Tabs label={t('records.views')} value={view?.key ?? ''} onChoose={state.choose} tabs={views.length ? views.map((each) => ({ value: each.key, label: label(each.label) })) : [{ value: '', label: t('common.all') }]} after={<><span className="grow" />{acts}</>} />
      {saving && <SaveView state={state} old={old} onClose={() => setSaving(null)} onSave={async (body) => { const done = await putView(body, old); if (done) { setSaving(null); state.choose(body.key) } }} />}
    </>
  )
}
