import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { Input } from '../../design/field.tsx'
import { Avatar } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { Rows, Sheet } from '../frame/sheet.tsx'

const SEARCHED_FROM = 12

export function MemberSheet({ title, chosen, without = [], onPick, onClose }: { title: string; chosen: number | null; without?: readonly (number | null)[]; onPick: (member: number) => void; onClose: () => void }) {
  const catalogue = useCatalogue()
  const [text, setText] = useState('')
  const active = catalogue.members.filter((member) => member.active && !without.includes(member.id))
  const members = active.filter((member) => member.name.includes(text.trim()))
  return (
    <Sheet label={title} title={title} onClose={onClose}>
      {active.length > SEARCHED_FROM && <Input type="search" aria-label={t('common.search')} placeholder={t('common.search')} value={text} onText={setText} />}
      <Rows label={title} rows={members.map((member) => ({ key: String(member.id), label: member.name, hint: [member.job, catalogue.team(member.team)?.name].filter(Boolean).join(' · '), mark: <Avatar text={member.avatar} size={34} />, chosen: member.id === chosen, onPick: () => onPick(member.id) }))} />
    </Sheet>
  )
}
