import type { ObjectDefinition } from '#language/definitions'
import { Choice, Field } from '../../design/field.tsx'
import { t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'

type Person = ObjectDefinition['person']
const wayOf = (value: Person) => (value === undefined ? 'none' : value === true ? 'all' : 'some')

/** Whether its records stand for people, all of them or those that meet a condition: then a copy can be given, and they can be erased. */
export function StandsFor({ object, value, onChange }: { object: string; value: Person; onChange: (value: Person) => void }) {
  const choose = (way: 'none' | 'all' | 'some') => onChange(way === 'none' ? undefined : way === 'all' ? true : { all: [] })
  return (
    <>
      <Field label={t('definitions.person')} help={t('definitions.personHelp')}>{() => <Choice label={t('definitions.person')} value={wayOf(value)} options={(['none', 'all', 'some'] as const).map((way) => ({ value: way, label: t(`definitions.person_${way}`) }))} onChoose={choose} />}</Field>
      {value !== undefined && value !== true && <Builder object={object} profile="field-check" value={value} onChange={onChange} empty={t('definitions.personWhich')} />}
    </>
  )
}
