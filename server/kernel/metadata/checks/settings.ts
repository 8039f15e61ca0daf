import { BASE_FIELDS, MASKED_KINDS, type AssignmentPolicy, type Form, type Grading, type ReadState, type Role, type View } from '#language/definitions'
import { checkOnDuty } from './duty.ts'
import { type Finding, finding, findings, repeated } from './finding.ts'
import type { Reader } from './reader.ts'

export const checkRole = ({ objects }: Role, reader: Reader): Finding[] =>
  Object.entries(objects).flatMap(([object, access]) => findings(
    reader.object(`objects.${object}`, object),
    access.rows && reader.condition(`objects.${object}.rows`, object, access.rows, 'filter', 'member'),
    Object.entries(access.fields ?? {}).flatMap(([key, { read }]) => findings(reader.field(`objects.${object}.fields.${key}`, object, key), read !== undefined && checkMask(`objects.${object}.fields.${key}`, object, [key, read], reader))),
  ))

/** A value is shown in part by a mask that fits its kind; base fields are read or not. */
export function checkMask(path: string, object: string, [key, read]: readonly [string, ReadState], { metadata }: Reader): Finding[] {
  const kind = metadata.fieldKind(object, key)
  if (read === 'full' || read === 'hidden' || kind === undefined || (MASKED_KINDS[read].includes(kind) && !Object.hasOwn(BASE_FIELDS, key))) return []
  return [finding(path, `「${key}」是 ${kind} 类字段，不能这样脱敏显示`, `“${key}” is of kind ${kind} and cannot be shown in part like this`)]
}

export const checkGrading = ({ object, field, levels }: Grading, reader: Reader): Finding[] =>
  findings(
    reader.object('object', object),
    reader.field('field', object, field, 'select', 'text'),
    levels.flatMap(({ value, condition }, i) => findings(
      reader.option(`levels.${i}.value`, object, field, value),
      reader.condition(`levels.${i}.condition`, object, condition, 'filter'))),
  )

export const checkPolicy = (policy: AssignmentPolicy, reader: Reader): Finding[] =>
  findings(
    reader.object('object', policy.object),
    reader.field('skillField', policy.object, policy.skillField, 'select', 'multiselect'),
    reader.field('regionField', policy.object, policy.regionField, 'region'),
    policy.regionFallbackField !== undefined && reader.field('regionFallbackField', policy.object, policy.regionFallbackField, 'region'),
    policy.weights.skill + policy.weights.region + policy.weights.load <= 0 && finding('weights', '至少一个权重要大于 0', 'At least one weight must be above 0'),
    policy.roles.flatMap((role, i) => reader.role(`roles.${i}`, role)),
    policy.exclusions.flatMap(({ when, lacks }, i) => findings(
      reader.condition(`exclusions.${i}.when`, policy.object, when, 'filter'),
      reader.option(`exclusions.${i}.lacks`, policy.object, policy.skillField, lacks))),
    policy.completeness && checkCompleteness(policy.completeness, policy.object, reader),
    policy.onDuty && checkOnDuty(policy.onDuty, policy.object, reader),
    reader.role('fallback.alertRole', policy.fallback.alertRole),
    (policy.fallback.steps ?? []).flatMap(({ to, team, when }, n) => findings(
      when && reader.condition(`fallback.steps.${n}.when`, policy.object, when, 'filter'),
      team !== undefined && !reader.metadata.teams.has(team) && finding(`fallback.steps.${n}.team`, '没有这个部门', 'There is no such team'),
      team !== undefined && to !== 'team' && finding(`fallback.steps.${n}.team`, '只有「交给部门」这一步才选部门', 'Only a step that gives it to a team names one'))),
    policy.ownerOf !== undefined && reader.field('ownerOf', policy.object, policy.ownerOf, 'reference'),
  )

/** Looked at for every record of everybody, so by its own fields; and with nothing asked everything would be complete. */
const checkCompleteness = ({ complete, premium }: NonNullable<AssignmentPolicy['completeness']>, object: string, reader: Reader): Finding[] =>
  findings(
    'all' in complete && complete.all.length === 0 && finding('completeness.complete', '请说明怎样才算完整，至少一个条件', 'Say what is complete: at least one condition'),
    reader.condition('completeness.complete', object, complete, 'field-check'),
    premium && reader.condition('completeness.premium', object, premium, 'filter'),
  )

export function checkForm(form: Form, reader: Reader): Finding[] {
  const field = (path: string, key: string | undefined, object = form.object) => (key === undefined ? [] : reader.field(path, object, key))
  return findings(
    reader.object('object', form.object),
    repeated(form.fields.map(({ name }) => name)).map((name) => finding('fields', `「${name}」出现多次`, `“${name}” stands more than once`)),
    form.fields.flatMap(({ field: key, upper }, i) => findings(field(`fields.${i}.field`, key), field(`fields.${i}.upper`, upper))),
    reader.field('identity.field', form.object, form.identity.field, form.identity.kind, 'text'),
    !form.fields.some(({ field: key }) => key === form.identity.field) && finding('identity.field', '表单没有询问这个字段', 'The form does not ask for this field'),
    form.existing.flatMap((each, i) => findings(
      reader.object(`existing.${i}.object`, each.object),
      field(`existing.${i}.field`, each.field, each.object),
      reader.referenceTo(`existing.${i}.into`, form.object, each.into, each.object))),
    (form.lookups ?? []).flatMap((each, i) => findings(
      reader.object(`lookups.${i}.object`, each.object),
      reader.field(`lookups.${i}.from`, form.object, each.from, 'text'),
      reader.field(`lookups.${i}.field`, each.object, each.field, 'text'),
      reader.referenceTo(`lookups.${i}.into`, form.object, each.into, each.object))),
    Object.entries(form.constants).flatMap(([key, value]) => findings(field(`constants.${key}`, key), reader.literal(`constants.${key}`, form.object, key, value))),
    Object.entries(form.context).flatMap(([what, key]) => field(`context.${what}`, key)),
    form.reopen && findings(field('reopen.field', form.reopen.field),
      [...form.reopen.from, form.reopen.to].flatMap((option) => reader.option('reopen', form.object, form.reopen!.field, option))),
    form.open && findings(field('open.field', form.open.field), form.open.closed.flatMap((option) => reader.option('open.closed', form.object, form.open!.field, option))),
    form.behaviour && checkBehaviour(form.behaviour, reader),
  )
}

const checkBehaviour = ({ object, ...fields }: NonNullable<Form['behaviour']>, reader: Reader): Finding[] =>
  findings(reader.object('behaviour.object', object), Object.entries(fields).flatMap(([what, key]) => reader.field(`behaviour.${what}`, object, key)))

export const checkView = ({ object, filter, sort, columns }: View, reader: Reader): Finding[] =>
  findings(
    reader.object('object', object),
    reader.condition('filter', object, filter, 'filter', false),
    sort.flatMap(({ field }, i) => reader.field(`sort.${i}.field`, object, field)),
    columns.flatMap((key, i) => reader.field(`columns.${i}`, object, key)),
  )
