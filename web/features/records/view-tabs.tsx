import { useState } from 'react'
import type { View } from '#language/definitions'
import { forgetDefinitions, useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { Button } from '../../design/button.tsx'
import { sentenceOf, Tabs } from '../../design/pieces.tsx'
import { MenuButton, type MenuEntry } from '../../design/popover.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { sortsOf } from './list-data.ts'
import type { ListState } from './list-state.ts'
import { SaveView } from './save-view.tsx'

/** Saved lists as tabs; a changed one offers to be kept. */
export function ViewTabs({ state }: { state: ListState }) {
  const catalogue = useCatalogue()
  const [saving, setSaving] = useState(false)
  const { view, views, changed } = state
  const mine = view && view.owner === catalogue.me.id
  const editable = view && (mine || (view.owner === null && catalogue.can('definitions')))
  const keep = () => { if (view) void put({ ...view, filter: state.filter, sort: sortsOf(state.sort), columns: [...state.columns] }).then((done) => { if (done) state.choose(view.key) }) }
  const menu: MenuEntry[] = [{ key: 'as', label: t('records.saveAs'), icon: 'plus', onPick: () => setSaving(true) }, ...(editable ? [{ key: 'delete', label: t('records.deleteView'), icon: 'trash' as const, danger: true, onPick: () => void remove(view!) }] : [])]
  const acts = (
    <>
      {changed && <Button small look="quiet" onClick={state.reset}>{t('records.resetView')}</Button>}
      {changed && editable && <Button small onClick={keep}>{t('records.saveView')}</Button>}
      {changed && !editable && <Button small onClick={() => setSaving(true)}>{t('records.saveAs')}</Button>}
      <MenuButton small icon="more" label={t('records.viewMenu')} entries={menu} />
    </>
  )
  return (
    <>
      <Tabs label={t('records.views')} value={view?.key ?? ''} onChoose={state.choose} tabs={views.length ? views.map((each) => ({ value: each.key, label: label(each.label) })) : [{ value: '', label: t('common.all') }]} after={<><span className="grow" />{acts}</>} />
      {saving && <SaveView state={state} onClose={() => setSaving(false)} onSave={async (body) => { const done = await put(body); if (done) { setSaving(false); state.choose(body.key) } }} />}
    </>
  )
}

async function put(view: View): Promise<boolean> {
  try {
    await call('putDefinition', { params: { kind: 'view', key: view.key }, body: { body: view as unknown as Record<string, unknown> } })
    await forgetDefinitions()
    say(t('records.viewSaved', { name: label(view.label) }))
    return true
  } catch (error) {
    sayTrouble(sentenceOf(error))
    return false
  }
}

async function remove(view: View): Promise<void> {
  try {
    await call('deleteDefinition', { params: { kind: 'view', key: view.key } })
    await forgetDefinitions()
    say(t('common.deleted', { name: label(view.label) }), () => put(view))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
}
