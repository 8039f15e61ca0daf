import type { Condition } from '#language/conditions'
import { happeningOf, readHappening, writeHappening, type CauseKind, type Trigger } from '#language/definitions'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { Check, Choice, Field, Input } from '../../design/field.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t, type WordKey } from '../../i18n/index.ts'
import { LengthInput } from '../conditions/length-input.tsx'
import { fieldOptions } from '../conditions/names.ts'
import { tagOptions } from '../records/choices.tsx'
import css from './rules.module.css'
import { namingFields, PushedEditor } from './pushed-editor.tsx'
import { RanEditor } from './ran-editor.tsx'
import { ScheduleEditor } from './schedule-editor.tsx'

const KINDS = ['created', 'changed', 'tagged', 'untagged', 'restored', 'deleted', 'crossed', 'deadline', 'silence', 'schedule', 'pressed', 'ran', 'pushed'] as const
const CAUSES: CauseKind[] = ['member', 'source', 'rule', 'timer', 'import']
const USUAL: CauseKind[] = ['member', 'source', 'rule', 'timer']

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'decimal', 'money', 'percent'])
const numbersOf = (catalogue: Catalogue, object: string) => (catalogue.object(object)?.fields ?? []).filter(({ kind, retired }) => NUMBERS.has(kind) && !retired).map((field) => ({ value: field.key, label: label(field.label) }))

interface Props { value: Trigger; onChange: (trigger: Trigger) => void; condition: Condition; onCondition: (condition: Condition) => void; /** The rule that it belongs to. */ self?: string | undefined }

/** What has to happen for the rule to look. */
export function TriggerEditor({ value, onChange, condition, onCondition, self }: Props) {
  const catalogue = useCatalogue()
  const objects = catalogue.objects.map((object) => ({ value: object.key, label: label(object.label) }))
  const times = catalogue.object(value.object)?.fields.filter((field) => field.kind === 'datetime' || field.kind === 'date').map((field) => ({ value: field.key, label: label(field.label) })) ?? []
  const events = catalogue.objects.filter((object) => happeningOf(object) !== null)
  const isEvent = events.some(({ key }) => key === value.object)
  const begin = (on: (typeof KINDS)[number] | 'happened', object: string): Trigger => {
    if (on === 'happened') return { on: 'created', object: isEvent ? object : events[0]!.key }
    const time = catalogue.object(object)?.fields.find((field) => field.kind === 'datetime')?.key ?? 'created_at'
    if (on === 'tagged' || on === 'untagged') return { on, object, tag: catalogue.tags[0]?.key ?? '' }
    if (on === 'crossed') return { on, object, field: numbersOf(catalogue, object)[0]?.value ?? '', way: 'below', value: '0' }
    if (on === 'deadline') return { on, object, field: time }
    if (on === 'pushed') return { on, object, proof: 'signed', match: { field: namingFields(catalogue, object)[0]?.value ?? 'id', from: '' }, missing: 'ignore', values: [] }
    if (on === 'ran') return { on, object, rule: '', outcome: 'finished' }
    if (on === 'silence') return { on, object, since: time, for: '72h' }
    return on === 'schedule' ? { on, object, cron: '0 9 * * 1' } : { on, object }
  }
  return (
    <div className={css.fields}>
      <Field label={t('rules.happens')}>{(control) => <Picker {...control} label={t('rules.happens')} value={isEvent && value.on === 'created' ? 'happened' : value.on} options={[...events.slice(0, 1).map((object) => ({ value: 'happened', label: eventsText(catalogue, object) })), ...KINDS.filter((kind) => kind !== 'created' || !isEvent).map((kind) => ({ value: kind, label: t(`rules.on_${kind}`) }))]} onPick={(on) => on && onChange(begin(on as Trigger['on'] | 'happened', value.object))} />}</Field>
      <Field label={t('rules.object')}>{(control) => <Picker {...control} label={t('rules.object')} value={value.object} options={objects} onPick={(object) => object && onChange(begin(value.on, object))} />}</Field>
      {value.on === 'created' && isEvent && <EventKinds value={value} condition={condition} onCondition={onCondition} />}
      {value.on === 'created' && !isEvent && <Field label={t('rules.onlyForm')}>{(control) => <Picker {...control} clearable label={t('rules.onlyForm')} placeholder={t('rules.anySource')} value={value.form ?? null} options={catalogue.forms.filter((form) => form.object === value.object).map((form) => ({ value: form.key, label: label(form.label) }))} onPick={(form) => { const { form: _, ...rest } = value; onChange(form ? { ...rest, form } : rest) }} />}</Field>}
      {value.on === 'changed' && <Field label={t('rules.onlyFields')}>{(control) => <MultiPicker {...control} label={t('rules.onlyFields')} placeholder={t('rules.anyField')} value={value.fields ?? []} options={fieldOptions(catalogue, value.object, { withParents: false })} onPick={(fields) => { const { fields: _, ...rest } = value; onChange(fields.length ? { ...rest, fields } : rest) }} />}</Field>}
      {(value.on === 'tagged' || value.on === 'untagged') && <Field label={t('rules.tag')}>{(control) => <Picker {...control} label={t('rules.tag')} value={value.tag} options={tagOptions(catalogue)} onPick={(tag) => tag && onChange({ ...value, tag })} />}</Field>}
      {value.on === 'pushed' && <PushedEditor value={value} rule={self} onChange={onChange} />}
      {value.on === 'ran' && <RanEditor value={value} self={self} onChange={onChange} />}
      {value.on === 'crossed' && <>
        <Field label={t('rules.numberField')}>{(control) => <Picker {...control} label={t('rules.numberField')} value={value.field} options={numbersOf(catalogue, value.object)} onPick={(field) => field && onChange({ ...value, field })} />}</Field>
        <Choice<'below' | 'above'> label={t('rules.way')} value={value.way} options={[{ value: 'below', label: t('rules.way_below') }, { value: 'above', label: t('rules.way_above') }]} onChoose={(way) => onChange({ ...value, way })} />
        <Field label={t('rules.threshold')} help={t('rules.thresholdHelp')}>{(control) => <Input {...control} inputMode="decimal" value={value.value} onText={(text) => { if (/^-?\d*(\.\d*)?$/.test(text)) onChange({ ...value, value: text }) }} />}</Field>
      </>}
      {value.on === 'pressed' && <Field label={t('rules.whoPresses')} help={t('rules.pressedHelp')}>{(control) => <MultiPicker {...control} label={t('rules.whoPresses')} placeholder={t('rules.anyEditor')} value={value.roles ?? []} options={catalogue.roles.map((role) => ({ value: role.key, label: label(role.label) }))} onPick={(roles) => { const { roles: _, ...rest } = value; onChange(roles.length ? { ...rest, roles } : rest) }} />}</Field>}
      {value.on === 'deadline' && <>
        <Field label={t('rules.timeField')}>{(control) => <Picker {...control} label={t('rules.timeField')} value={value.field} options={times} onPick={(field) => field && onChange({ ...value, field })} />}</Field>
        <Field label={t('rules.after')}>{() => <LengthInput working months label={t('rules.after')} value={value.after ?? '0h'} onChange={(after) => { const { after: _, ...rest } = value; onChange(after.startsWith('0') ? rest : { ...rest, after }) }} />}</Field>
      </>}
      {value.on === 'silence' && <>
        <Field label={t('rules.since')}>{(control) => <Picker {...control} label={t('rules.since')} value={value.since} options={times} onPick={(since) => since && onChange({ ...value, since })} />}</Field>
        <Field label={t('rules.silentFor')}>{() => <LengthInput label={t('rules.silentFor')} value={value.for} onChange={(next) => onChange({ ...value, for: next })} />}</Field>
      </>}
      {value.on === 'schedule' && <>
        <ScheduleEditor value={value.cron} onChange={(cron) => onChange({ ...value, cron })} />
        <Check checked={value.workingDays === true} onCheck={(on) => { const { workingDays: _, ...rest } = value; onChange(on ? { ...rest, workingDays: true } : rest) }}>{t('rules.onlyWorkingDays')}</Check>
      </>}
      {'causes' in value || value.on === 'created' || value.on === 'changed' || value.on === 'tagged' || value.on === 'untagged' || value.on === 'restored' || value.on === 'deleted' || value.on === 'crossed' ? <Causes value={'causes' in value ? value.causes : undefined} onChange={(causes) => { const { causes: _, ...rest } = value as Extract<Trigger, { on: 'created' }>; onChange(causes ? { ...rest, causes } : rest) }} /> : null}
    </div>
  )
}

/** What can happen, by its first kinds: 「发来消息、来电等客户行为」. */
function eventsText(catalogue: Catalogue, object: ObjectFacts): string {
  const kinds = catalogue.options(object.field.get(object.title)?.dictionary).slice(0, 2)
  return t('rules.on_happened', { kinds: kinds.map((kind) => label(kind.label)).join(t('common.listGap')), object: label(object.label) })
}

/** Which of the events that can happen; none chosen: any. */
function EventKinds({ value, condition, onCondition }: Omit<Props, 'onChange' | 'self'>) {
  const catalogue = useCatalogue()
  const object = catalogue.object(value.object)
  const [field, happening] = [happeningOf(object), readHappening(object, { trigger: value, condition })]
  if (!object || field === null || !happening) return null
  const options = catalogue.options(object.field.get(field)?.dictionary).map((option) => ({ value: option.key, label: label(option.label) }))
  return <Field label={t('rules.onlyKinds')}>{(control) => <MultiPicker {...control} label={t('rules.onlyKinds')} placeholder={t('rules.anyKind')} value={happening.kinds} options={options} onPick={(kinds) => onCondition(writeHappening(field, { ...happening, kinds }))} />}</Field>
}

/** Who or what may set it off. */
function Causes({ value, onChange }: { value: CauseKind[] | undefined; onChange: (causes: CauseKind[] | undefined) => void }) {
  const chosen = value ?? USUAL
  const toggle = (cause: CauseKind, on: boolean) => {
    const next = CAUSES.filter((each) => (each === cause ? on : chosen.includes(each)))
    onChange(next.length === USUAL.length && USUAL.every((each) => next.includes(each)) ? undefined : next)
  }
  return <fieldset className={css.causes}><legend>{t('rules.causes')}</legend>{CAUSES.map((cause) => <Check key={cause} checked={chosen.includes(cause)} onCheck={(on) => toggle(cause, on)}>{t(`rules.cause_${cause}` as WordKey)}</Check>)}</fieldset>
}
