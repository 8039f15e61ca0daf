import type { Catalogue } from '../../api/catalogue.ts'
import { Avatar } from '../../design/pieces.tsx'
import type { Option } from '../../design/options.tsx'
import { onTheClock } from '../../design/format.ts'
import { label, t } from '../../i18n/index.ts'

export const memberOptions = (catalogue: Catalogue): Option[] =>
  catalogue.members.filter((member) => member.active).map((member) => ({ value: String(member.id), label: member.name, hint: [member.away && t('absences.awayUntil', { when: onTheClock(member.away.until) }), member.job, catalogue.team(member.team)?.name].filter(Boolean).join(' · '), mark: <Avatar text={member.avatar} size={22} away={Boolean(member.away)} /> }))
export const teamOptions = (catalogue: Catalogue): Option[] => catalogue.teams.map((team) => ({ value: String(team.id), label: team.name, parent: team.parent ? String(team.parent) : undefined }))
/** Those that this member may set or remove by hand. */
export const settableTags = (catalogue: Catalogue): Option[] => handTags(catalogue).filter(({ value }) => !catalogue.tag(value)?.policy || catalogue.can('tags'))
export const tagOptions = (catalogue: Catalogue): Option[] => catalogue.tags.map((tag) => ({ value: tag.key, label: label(tag.label) }))
/** Tags that come by hand or by a rule: a segment comes by its condition alone. */
export const handTags = (catalogue: Catalogue): Option[] => tagOptions({ ...catalogue, tags: catalogue.tags.filter((tag) => !tag.segment) })
