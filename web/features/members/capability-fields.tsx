import type { Capability } from '#language/definitions'
import { regionsOf } from '#language/values'
import { useCatalogue } from '../../api/catalogue.ts'
import { useDefinitions } from '../../api/definitions.ts'
import { Field, Input } from '../../design/field.tsx'
import { MultiPicker } from '../../design/picker.tsx'
import { lang, t } from '../../i18n/index.ts'
import { dictionaryOptions } from '../conditions/choices.ts'

/** What assignment reads about a member. The skills are those of the field that the policy compares. */
export function CapabilityFields({ value, onChange }: { value: Capability; onChange: (capability: Capability) => void }) {
  const catalogue = useCatalogue()
  const policies = useDefinitions('assignmentPolicy').data ?? []
  const policy = policies[0]?.body
  const dictionary = policy && catalogue.object(policy.object)?.field.get(policy.skillField)?.dictionary
  const skills = [{ value: '*', label: t('assignment.generalist') }, ...dictionaryOptions(catalogue, dictionary ?? (catalogue.options('industry').length ? 'industry' : undefined))]
  return (
    <>
      <Field label={t('assignment.skills')}>{(control) => <MultiPicker {...control} label={t('assignment.skills')} value={value.skills} options={skills} onPick={(next) => onChange({ ...value, skills: next })} />}</Field>
      <Field label={t('assignment.regions')}>{(control) => <MultiPicker {...control} label={t('assignment.regions')} value={value.regions} options={regionsOf().map((region) => ({ value: region.code, label: region.short[lang()] }))} onPick={(regions) => onChange({ ...value, regions })} />}</Field>
      <Field label={t('assignment.capacity')} help={t('members.capacityHelp')}>{(control) => <Input {...control} inputMode="numeric" value={String(value.capacity)} onText={(text) => onChange({ ...value, capacity: Math.min(10000, Number(text.replace(/\D/g, ''))) })} />}</Field>
    </>
  )
}
