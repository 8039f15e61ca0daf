import type { RecordShape } from '#contract/api'
import { useCatalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { IconButton } from '../../design/button.tsx'
import { onTheClock } from '../../design/format.ts'
import { Avatar, Panel } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { t } from '../../i18n/index.ts'
import { share, type Access } from './acts.ts'
import { memberOptions } from './choices.tsx'
import css from './collaborators.module.css'

/** Who works along on a record, and whether they may change it. */
export function Collaborators({ object, record }: { object: ObjectFacts; record: RecordShape }) {
  const catalogue = useCatalogue()
  const shared = record.collaborators
  const owner = catalogue.member(record.values['owner'] as number | undefined)
  if (!shared || (shared.length === 0 && !record.can.share && !owner?.away)) return null
  const put = (member: number, access: Access) => void share(catalogue, object.key, record, member, access)
  const taken = new Set([...shared.map(({ member }) => member), record.values['owner']])
  const names = { read: t('records.mayLook'), write: t('records.mayEdit') }
  return (
    <Panel title={t('records.collaborators')} hint={shared.length || t('records.noneRelated')}
      acts={record.can.share && <Picker small look="inline" label={t('records.addCollaborator')} shown={`+ ${t('records.addCollaborator')}`} value={null} options={memberOptions(catalogue).filter(({ value }) => !taken.has(Number(value)))} onPick={(id) => { if (id) put(Number(id), 'read') }} />}>
      {owner?.away && <p className={css.away}>{t('absences.awayBy', { name: owner.name, names: owner.away.standIns.map((id) => catalogue.member(id)?.name ?? '').join(t('common.listGap')) || t('common.none'), when: onTheClock(owner.away.until) })}</p>}
      <ul>{shared.map(({ member, write }) => {
        const who = catalogue.member(member)
        return (
          <li key={member} className={css.row}>
            <Avatar text={who?.avatar ?? '?'} size={22} /><span className="grow clip">{who?.name ?? `#${member}`}</span>
            {record.can.share
              ? <><Picker small look="inline" label={t('records.accessOf', { name: who?.name ?? member })} value={write ? 'write' : 'read'} options={[{ value: 'read', label: names.read }, { value: 'write', label: names.write }]} onPick={(access) => { if (access) put(member, access as Access) }} /><IconButton small icon="close" label={t('records.unshare', { name: who?.name ?? member })} onClick={() => put(member, 'none')} /></>
              : <span className="hint">{write ? names.write : names.read}</span>}
          </li>
        )
      })}</ul>
    </Panel>
  )
}
