import type { AssignmentPolicy } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { dictionaryOptions } from '../conditions/choices.ts'
import css from './assignment.module.css'

type Exclusion = AssignmentPolicy['exclusions'][number]

/** A record like this needs that skill: whoever lacks it does not compete, and the reason is kept. */
export function Exclusions({ value, onChange }: { value: AssignmentPolicy; onChange: (policy: AssignmentPolicy) => void }) {
  const catalogue = useCatalogue()
  const skills = dictionaryOptions(catalogue, catalogue.object(value.object)?.field.get(value.skillField)?.dictionary)
  const put = (at: number, next: Partial<Exclusion>) => onChange({ ...value, exclusions: value.exclusions.map((each, index) => (index === at ? { ...each, ...next } : each)) })
  const add = () => onChange({ ...value, exclusions: [...value.exclusions, { when: { all: [] }, lacks: skills[0]?.value ?? '', reason: { zh: t('assignment.reasonDefault'), en: t('assignment.reasonDefault') } }] })
  return (
    <div className={css.exclusions}>
      {value.exclusions.length === 0 && <p className="hint">{t('assignment.noExclusions')}</p>}
      {value.exclusions.map((exclusion, at) => (
        <fieldset key={at} className={css.exclusion}>
          <Builder object={value.object} value={exclusion.when} onChange={(when) => put(at, { when })} />
          <div className={css.lacks}>
            <Field label={t('assignment.lacks')}>{(control) => <Picker {...control} small label={t('assignment.lacks')} value={exclusion.lacks} options={skills} onPick={(lacks) => lacks && put(at, { lacks })} />}</Field>
            <Field label={t('assignment.reason')}>{(control) => <Input {...control} small value={label(exclusion.reason)} maxLength={80} onText={(text) => put(at, { reason: { zh: text || ' ', en: exclusion.reason.en === exclusion.reason.zh ? text || ' ' : exclusion.reason.en } })} />}</Field>
            <IconButton small icon="close" label={t('common.remove')} onClick={() => onChange({ ...value, exclusions: value.exclusions.filter((_, index) => index !== at) })} />
          </div>
        </fieldset>
      ))}
      <Button small look="quiet" icon="plus" className={css.left!} disabled={value.exclusions.length >= 20} onClick={add}>{t('assignment.addExclusion')}</Button>
    </div>
  )
}
