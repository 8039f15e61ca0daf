import type { RecordShape } from '#contract/api'
import { useState } from 'react'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { Icon } from '../../design/icons.tsx'
import { Avatar, Panel } from '../../design/pieces.tsx'
import { share, type Access } from '../../features/records/acts.ts'
import { t } from '../../i18n/index.ts'
import { Rows, Sheet, type Row } from '../frame/sheet.tsx'
import { MemberSheet } from './member-sheet.tsx'
import css from './record.module.css'

/** Who works along; pressed, what they may do or that they no longer do. */
export default function Collaborators({ object, record }: { object: ObjectFacts; record: RecordShape }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState<number | 'add' | null>(null)
  const shared = record.collaborators
  if (!shared || (shared.length === 0 && !record.can.share)) return null
  const put = (member: number, access: Access) => { setOpen(null); void share(catalogue, object.key, record, member, access) }
  const nameOf = (member: number) => catalogue.member(member)?.name ?? `#${member}`
  const rows = shared.map(({ member, write }): Row => ({ key: String(member), label: nameOf(member), hint: t(write ? 'records.mayEdit' : 'records.mayLook'), mark: <Avatar text={catalogue.member(member)?.avatar ?? '?'} size={28} />, onPick: () => { if (record.can.share) setOpen(member) } }))
  const chosen = typeof open === 'number' ? shared.find(({ member }) => member === open) : undefined
  const access = (value: Access, text: string): Row => ({ key: value, label: text, chosen: value !== 'none' && value === (chosen?.write ? 'write' : 'read'), danger: value === 'none', onPick: () => put(chosen!.member, value) })
  return (
    <Panel title={t('records.collaborators')} label={t('records.collaborators')}>
      <Rows label={t('records.collaborators')} rows={rows} />
      {record.can.share && <button type="button" className={css.add} onClick={() => setOpen('add')}><Icon name="plus" />{t('records.addCollaborator')}</button>}
      {open === 'add' && <MemberSheet title={t('records.collaborators')} chosen={null} without={[...shared.map(({ member }) => member), record.values['owner'] as number]} onClose={() => setOpen(null)} onPick={(member) => put(member, 'read')} />}
      {chosen && <Sheet label={t('records.accessOf', { name: nameOf(chosen.member) })} title={nameOf(chosen.member)} onClose={() => setOpen(null)}><Rows label={t('records.accessOf', { name: nameOf(chosen.member) })} rows={[access('read', t('records.mayLook')), access('write', t('records.mayEdit')), access('none', t('records.unshare', { name: nameOf(chosen.member) }))]} /></Sheet>}
    </Panel>
  )
}
