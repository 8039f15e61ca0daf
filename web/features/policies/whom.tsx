import { RELATIONS, type Relation, type Whom } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Field } from '../../design/field.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { namesOf } from './said.ts'

interface Props { label: string; empty: string; value: Whom | undefined; onChange: (whom: Whom | undefined) => void }

/** Roles, relations to the record, teams and members in one list: any of them. */
export function WhomPicker({ label: name, empty, value, onChange }: Props) {
  const catalogue = useCatalogue()
  const options = [
    ...RELATIONS.map((relation) => ({ value: `relation ${relation}`, label: t(`policies.relation_${relation}`), group: t('policies.group_relations') })),
    ...catalogue.roles.map((role) => ({ value: `role ${role.key}`, label: label(role.label), group: t('policies.group_roles') })),
    ...catalogue.teams.map((team) => ({ value: `team ${team.id}`, label: team.name, group: t('policies.group_teams') })),
    ...catalogue.members.filter((member) => member.active).map((member) => ({ value: `member ${member.id}`, label: member.name, hint: member.job ?? undefined, group: t('policies.group_members') })),
  ]
  const chosen = [...(value?.relations ?? []).map((each) => `relation ${each}`), ...(value?.roles ?? []).map((each) => `role ${each}`), ...(value?.teams ?? []).map((each) => `team ${each}`), ...(value?.members ?? []).map((each) => `member ${each}`)]
  return <Field label={name}>{(control) => <MultiPicker {...control} label={name} placeholder={empty} shown={value ? namesOf(catalogue, value).join(t('common.listGap')) : undefined} value={chosen} options={options} onPick={(picked) => onChange(whomOf(picked))} />}</Field>
}

function whomOf(picked: readonly string[]): Whom | undefined {
  const of = (kind: string) => picked.filter((each) => each.startsWith(`${kind} `)).map((each) => each.slice(kind.length + 1))
  const [roles, relations, teams, members] = [of('role'), of('relation') as Relation[], of('team').map(Number), of('member').map(Number)]
  const whom: Whom = { ...(roles.length > 0 && { roles }), ...(relations.length > 0 && { relations }), ...(teams.length > 0 && { teams }), ...(members.length > 0 && { members }) }
  return picked.length > 0 ? whom : undefined
}
