import { AREAS, regionsOf } from '#language/values'
import type { BoundValue } from '#language/conditions'
import type { Catalogue, FieldShape } from '../../api/catalogue.ts'
import type { Option } from '../../design/options.tsx'
import { label, lang, t } from '../../i18n/index.ts'

type Literal = string | number | boolean | BoundValue
/** A closed list that a value is chosen from, and how a choice is written in the condition. */
export interface Choices { options: readonly Option[]; read: (key: string) => Literal; write: (value: Literal) => string }

const words = (options: readonly Option[]): Choices => ({ options, read: (key) => key, write: String })

/** Null where values are written, not chosen. */
export function choicesFor(catalogue: Catalogue, field: FieldShape): Choices | null {
  switch (field.kind) {
    case 'select': case 'multiselect': return words(dictionaryOptions(catalogue, field.dictionary))
    case 'tags': return words(catalogue.tags.map((tag) => ({ value: tag.key, label: label(tag.label) })))
    case 'region': return words([...areaOptions(), ...regionOptions()])
    case 'boolean': return { options: [{ value: 'true', label: t('common.yes') }, { value: 'false', label: t('common.no') }], read: (key) => key === 'true', write: String }
    case 'member': case 'members': return people(catalogue)
    case 'team': return { options: [{ value: 'myTeams', label: t('conditions.myTeams') }, ...catalogue.teams.map((team) => ({ value: String(team.id), label: team.name }))], read: (key) => (key === 'myTeams' ? { myTeams: true } : Number(key)), write: (value) => (typeof value === 'object' ? 'myTeams' : String(value)) }
    default: return null
  }
}

const people = (catalogue: Catalogue): Choices => ({
  options: [{ value: 'me', label: t('conditions.me') }, ...catalogue.members.filter((member) => member.active).map((member) => ({ value: String(member.id), label: member.name, hint: member.job ?? undefined }))],
  read: (key) => (key === 'me' ? { me: true } : Number(key)),
  write: (value) => (typeof value === 'object' ? 'me' : String(value)),
})

/** Parents followed by their children. */
export function dictionaryOptions(catalogue: Catalogue, dictionary: string | undefined, { off = false } = {}): Option[] {
  const options = catalogue.options(dictionary).filter((option) => off || !option.off)
  const tops = options.filter((option) => !option.parent)
  return tops.flatMap((top) => [top, ...options.filter((option) => option.parent === top.key)]).map((option) => ({ value: option.key, label: label(option.label), parent: option.parent }))
}

const areaOptions = (): Option[] => Object.entries(AREAS).map(([value, name]) => ({ value, label: name[lang()], group: t('conditions.areas') }))
/** Provinces with their cities below them. */
export const regionOptions = (): Option[] => regionsOf().flatMap((province) => [{ value: province.code, label: province.short[lang()], group: t('conditions.provinces') }, ...regionsOf(province.code).map((city) => ({ value: city.code, label: city.short[lang()], parent: province.code, group: t('conditions.provinces') }))])
