import type { AssignmentPolicy } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Check, Field, Input } from '../../design/field.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { dutyKey, dutyOptions } from '../rules/duty.ts'
import css from './assignment.module.css'

interface Props { value: AssignmentPolicy; onChange: (policy: AssignmentPolicy) => void }

/** How well a skill or a region fits, who competes, and what if nobody can. */
export function PolicyForm({ value, onChange }: Props) {
  const catalogue = useCatalogue()
  const object = catalogue.object(value.object)
  const fields = (kind: string) => (object?.fields ?? []).filter((field) => field.kind === kind).map((field) => ({ value: field.key, label: label(field.label) }))
  const duties = dutyOptions(catalogue, value.object)
  const roles = catalogue.roles.map((role) => ({ value: role.key, label: label(role.label) }))
  return (
    <div className={css.form}>
      <Group title={t('assignment.part_skill')}>
        <Field label={t('assignment.skillField')}>{(control) => <Picker {...control} label={t('assignment.skillField')} value={value.skillField} options={fields('select')} onPick={(skillField) => skillField && onChange({ ...value, skillField })} />}</Field>
        <Shares names={['same', 'parent', 'general']} prefix="skill" value={value.skillFit} onChange={(skillFit) => onChange({ ...value, skillFit: skillFit as AssignmentPolicy['skillFit'] })} />
        <Check checked={value.excludeMissingSkill} onCheck={(excludeMissingSkill) => onChange({ ...value, excludeMissingSkill })}>{t('assignment.excludeMissing')}</Check>
      </Group>
      <Group title={t('assignment.part_region')}>
        <div className={css.pair}>
          <Field label={t('assignment.regionField')}>{(control) => <Picker {...control} label={t('assignment.regionField')} value={value.regionField} options={fields('region')} onPick={(regionField) => regionField && onChange({ ...value, regionField })} />}</Field>
          <Field label={t('assignment.regionFallback')}>{(control) => <Picker {...control} clearable label={t('assignment.regionFallback')} value={value.regionFallbackField ?? null} options={fields('region')} onPick={(field) => { const { regionFallbackField: _, ...rest } = value; onChange(field ? { ...rest, regionFallbackField: field } : rest) }} />}</Field>
        </div>
        <Shares names={['same', 'area', 'other']} prefix="region" value={value.regionFit} onChange={(regionFit) => onChange({ ...value, regionFit: regionFit as AssignmentPolicy['regionFit'] })} />
        <Check checked={value.regionOnly} onCheck={(regionOnly) => onChange({ ...value, regionOnly })}>{t('assignment.regionOnly')}</Check>
      </Group>
      <Group title={t('assignment.who')}>
        <div className={css.pair}>
          <Field label={t('assignment.roles')}>{(control) => <MultiPicker {...control} label={t('assignment.roles')} value={value.roles} options={roles} onPick={(next) => { if (next.length) onChange({ ...value, roles: next }) }} />}</Field>
          {duties.length > 0 && <Field label={t('assignment.onDuty')} help={t('assignment.onDutyHelp')}>{(control) => <Picker {...control} clearable label={t('assignment.onDuty')} placeholder={t('common.none')} value={value.onDuty ? dutyKey(value.onDuty) : null} options={duties} onPick={(next) => { const { onDuty: _, ...rest } = value; const found = duties.find((each) => each.value === next); onChange(found ? { ...rest, onDuty: found.onDuty } : rest) }} />}</Field>}
          <Field label={t('assignment.ownerOf')} help={t('assignment.ownerOfHelp')}>{(control) => <Picker {...control} clearable label={t('assignment.ownerOf')} value={value.ownerOf ?? null} options={fields('reference')} onPick={(field) => { const { ownerOf: _, ...rest } = value; onChange(field ? { ...rest, ownerOf: field } : rest) }} />}</Field>
        </div>
      </Group>
    </div>
  )
}

const Group = ({ title, children }: { title: string; children: React.ReactNode }) => <fieldset className={css.group}><legend>{title}</legend>{children}</fieldset>

/** Fits between 0 and 1. */
function Shares({ names, prefix, value, onChange }: { names: readonly string[]; prefix: 'skill' | 'region'; value: Record<string, number>; onChange: (value: Record<string, number>) => void }) {
  return (
    <div className={css.three}>
      {names.map((name) => <Share key={name} name={t(`assignment.${prefix}_${name}` as 'assignment.skill_same')} value={value[name] ?? 0} onChange={(next) => onChange({ ...value, [name]: next })} />)}
    </div>
  )
}

function Share({ name, value, onChange }: { name: string; value: number; onChange: (value: number) => void }) {
  const put = (text: string) => { const next = Number(text); if (Number.isFinite(next)) onChange(Math.max(0, Math.min(1, next))) }
  return <Field label={name}>{(control) => <Input {...control} type="number" min={0} max={1} step={0.1} value={value} onText={put} />}</Field>
}
