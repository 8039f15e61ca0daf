import type { Action, Recipient } from '#language/definitions'
import { ALWAYS } from '#language/conditions'
import { useCatalogue } from '../../api/catalogue.ts'
import { Button } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { MultiPicker, Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { relationName } from '../conditions/names.ts'
import { relationsOf } from '../conditions/tree.ts'
import { handTags } from '../records/choices.tsx'
import { Assignments } from './assignments.tsx'
import css from './rules.module.css'
import { channelName, targetOf } from './speech.ts'
import { SlotText } from './slot-text.tsx'
import { TargetPicker } from './target-picker.tsx'
import { dutyKey, dutyOptions } from './duty.ts'
import { needed } from './new-action.ts'

interface Props { object: string; value: Action; onChange: (action: Action) => void }

/** One act of a rule: on which record, under which condition, and what. */
export function ActionEditor({ object, value, onChange }: Props) {
  const catalogue = useCatalogue()
  const target = targetOf(catalogue, object, value)
  return (
    <div className={css.fields}>
      <TargetPicker object={object} value={value} onChange={onChange} />
      <Deed object={object} target={target} value={value} onChange={onChange} />
      <GuardEditor target={target} value={value} onChange={onChange} />
    </div>
  )
}

function GuardEditor({ target, value, onChange }: { target: string; value: Action; onChange: (action: Action) => void }) {
  const { if: guard, ...rest } = value
  if (!guard) return <Button small look="quiet" icon="filter" className={css.left!} onClick={() => onChange({ ...value, if: ALWAYS })}>{t('rules.addGuard')}</Button>
  return <fieldset className={css.box}><legend>{t('rules.onlyIf')}</legend><Builder object={target} value={guard} onChange={(next) => onChange({ ...value, if: next })} empty={t('rules.always')} /><Button small look="quiet" className={css.left!} onClick={() => onChange(rest as Action)}>{t('rules.dropGuard')}</Button></fieldset>
}

function Deed({ object, target, value, onChange }: Props & { target: string }) {
  const catalogue = useCatalogue()
  const children = relationsOf(catalogue, target, relationName)
  switch (value.do) {
    case 'tag': return <>
      <Field label={t('rules.addTags')}>{(control) => <MultiPicker {...control} label={t('rules.addTags')} options={handTags(catalogue)} value={value.add ?? []} onPick={(add) => onChange({ ...value, add })} />}</Field>
      <Field label={t('rules.removeTags')}>{(control) => <MultiPicker {...control} label={t('rules.removeTags')} options={handTags(catalogue)} value={value.remove ?? []} onPick={(remove) => onChange({ ...value, remove })} />}</Field>
    </>
    case 'set': return <Assignments source={object} target={target} values={value.values} onChange={(values) => onChange({ ...value, values })} />
    case 'grade': return <Field label={t('rules.grading')}>{(control) => <Picker {...control} label={t('rules.grading')} value={value.grading} options={catalogue.gradings.filter((grading) => grading.object === target).map((grading) => ({ value: grading.key, label: label(grading.label) }))} onPick={(grading) => grading && onChange({ ...value, grading })} />}</Field>
    case 'assign': return <Field label={t('rules.policy')}>{(control) => <Picker {...control} label={t('rules.policy')} value={value.policy} options={catalogue.assignmentPolicies.filter((policy) => policy.object === target).map((policy) => ({ value: policy.key, label: label(policy.label) }))} onPick={(policy) => policy && onChange({ ...value, policy })} />}</Field>
    case 'create': return <>
      <Field label={t('rules.newObject')}>{(control) => <Picker {...control} label={t('rules.newObject')} value={value.object} options={catalogue.objects.map((each) => ({ value: each.key, label: label(each.label) }))} onPick={(next) => { const via = children.find((child) => child.object === next)?.via; if (next) onChange({ ...value, object: next, values: { ...(via && { [via]: { record: true } }), ...needed(catalogue, next, target) } }) }} />}</Field>
      <Assignments source={object} target={value.object} about={target} values={value.values} onChange={(values) => onChange({ ...value, values })} />
    </>
    case 'updateChildren': return <>
      <Field label={t('rules.children')}>{(control) => <Picker {...control} label={t('rules.children')} value={`${value.object}.${value.childVia}`} options={children.map((child) => ({ value: `${child.object}.${child.via}`, label: child.label }))} onPick={(text) => { const [next, childVia] = (text ?? '').split('.'); if (next && childVia) onChange({ ...value, object: next, childVia, where: ALWAYS, values: {} }) }} />}</Field>
      <fieldset className={css.box}><legend>{t('rules.whichOnes')}</legend><Builder object={value.object} value={value.where} onChange={(where) => onChange({ ...value, where })} empty={t('rules.everyOne')} /></fieldset>
      <Assignments source={object} target={value.object} about={target} values={value.values} onChange={(values) => onChange({ ...value, values })} />
    </>
    case 'notify': return <Notify target={target} value={value} onChange={onChange} />
    case 'webhook': return <Field label={t('rules.url')} help={t('rules.urlHelp')}>{(control) => <Input {...control} type="url" value={value.url} onText={(url) => onChange({ ...value, url })} />}</Field>
    case 'stop': return <p className="hint">{t('rules.stopHelp')}</p>
    case 'message': return <p className="hint">{t('rules.messageLater', { channel: channelName(value.channel) })}</p>
  }
}

const write = (to: Recipient): string => ('owner' in to ? 'owner' : 'supervisor' in to ? 'supervisor' : 'role' in to ? `role:${to.role}` : 'field' in to ? `field:${to.field}` : 'onDuty' in to ? dutyKey(to.onDuty) : `member:${to.member}`)
function readBack(text: string): Recipient {
  const [kind, of = '', duty, at] = text.split(':')
  if (kind === 'duty') return { onDuty: { object: of, ...(duty && { duty }), ...(at && { at }) } }
  return kind === 'owner' ? { owner: true } : kind === 'supervisor' ? { supervisor: true } : kind === 'role' ? { role: of } : kind === 'field' ? { field: of } : { member: Number(of) }
}

/** People, by what they are to the record, by their role, or by name. */
export function Recipients({ label: name, target, value, onChange }: { label: string; target: string; value: readonly Recipient[]; onChange: (to: Recipient[]) => void }) {
  const catalogue = useCatalogue()
  const named = (catalogue.object(target)?.fields ?? []).filter((field) => field.kind === 'members' || (field.kind === 'member' && !field.base)).map((field) => ({ value: `field:${field.key}`, label: label(field.label) }))
  const people = [{ value: 'owner', label: t('rules.theOwner') }, { value: 'supervisor', label: t('rules.theSupervisor') }, ...named, ...dutyOptions(catalogue, target).map(({ value: key, label: text }) => ({ value: key, label: text, group: t('rules.duties') })), ...catalogue.roles.map((role) => ({ value: `role:${role.key}`, label: label(role.label), group: t('rules.roles') })), ...catalogue.members.filter((member) => member.active).map((member) => ({ value: `member:${member.id}`, label: member.name, group: t('rules.members') }))]
  return <Field label={name}>{(control) => <MultiPicker {...control} label={name} options={people} value={value.map(write)} onPick={(to) => { if (to.length) onChange(to.map(readBack)) }} />}</Field>
}

function Notify({ target, value, onChange }: { target: string; value: Extract<Action, { do: 'notify' }>; onChange: (action: Action) => void }) {
  const catalogue = useCatalogue()
  const events = relationsOf(catalogue, target, relationName).filter((child) => catalogue.object(child.object)?.immutable)
  return (
    <>
      <Recipients label={t('rules.to')} target={target} value={value.to} onChange={(to) => onChange({ ...value, to })} />
      <Field label={t('rules.noticeTitle')}>{(control) => <SlotText {...control} object={target} name={t('rules.noticeTitle')} value={value.title} maxLength={200} onText={(title) => onChange({ ...value, title })} />}</Field>
      <Field label={t('rules.noticeBody')}>{(control) => <SlotText {...control} object={target} name={t('rules.noticeBody')} rows={2} maxLength={500} value={value.body ?? ''} onText={(text) => { const { body: _, ...rest } = value; onChange(text ? { ...rest, body: text } : rest) }} />}</Field>
      {events.length > 0 && <Field label={t('rules.attach')}>{(control) => <Picker {...control} clearable label={t('rules.attach')} placeholder={t('common.none')} value={value.latest ? `${value.latest.object}.${value.latest.via}` : null} options={events.map((child) => ({ value: `${child.object}.${child.via}`, label: t('rules.attachLatest', { name: child.label }) }))} onPick={(text) => { const { latest: _, ...rest } = value; const [object, via] = (text ?? '').split('.'); onChange(object && via ? { ...rest, latest: { object, via, count: 3 } } : rest) }} />}</Field>}
    </>
  )
}
