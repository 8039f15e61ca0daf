import { refuse } from '#contract'
import { NOTHING_SEEN, type BindContext } from '#language/conditions'
import { GONE } from '#kernel/changes'
import { draftKey, no, type Batch, type Draft, type Step } from './batch.ts'
import { askDatabase, type Question } from './questions.ts'
import type { FieldPlan } from './plan.ts'

/** Everything that must hold of the records as they will stand: required, options, people, references, unique values, checks. At most one statement. */
export async function validate(batch: Batch): Promise<void> {
  const at = bindContext(batch)
  const questions: Question[] = []
  for (const draft of batch.drafts.values()) {
    if (!isChanged(draft)) continue
    checkRequired(batch, draft)
    checkOptions(batch, draft)
    checkPeople(batch, draft)
    checkSentences(batch, draft, at)
    checkEnd(batch, draft)
    questions.push(...referencesOf(batch, draft), ...uniquesOf(draft), ...filesOf(draft))
  }
  if (batch.refusals.length > 0 || questions.length === 0) return
  refuseRepeated(batch, questions)
  for (const { index, refusal } of await askDatabase(batch, questions)) no(batch, index, refusal)
}

export const isChanged = ({ steps }: Draft): boolean => steps.some(({ fields }) => hasKeys(fields))
function hasKeys(fields: object): boolean {
  for (const _ in fields) return true
  return false
}

const changeOf = ({ steps }: Draft, key: string): Step | undefined => steps.findLast(({ fields }) => fields[key] !== undefined)
const valueOf = ({ values }: Draft, key: string): unknown => values[key] ?? null

function bindContext({ ctx: { principal, now, tenant, metadata } }: Batch): BindContext {
  const member = principal.kind === 'member' ? principal.member : null
  return { me: member?.id ?? null, myTeams: member?.teams ?? [], now, zone: tenant.zone, calendar: metadata.calendar }
}

/** Asked of whoever can fill the field: a requirement on a hidden field would speak of it. */
function checkRequired(batch: Batch, draft: Draft): void {
  for (const { key } of draft.plan.required) {
    if (valueOf(draft, key) !== null) continue
    const step = draft.before === null ? draft.steps[0] : changeOf(draft, key)
    if (step && canFill(batch, step, key)) no(batch, step.index, refuse('VALUE_REQUIRED', key, { field: key }))
  }
}

function canFill(batch: Batch, { index }: Step, key: string): boolean {
  const wish = batch.wishes.find((each) => each.index === index)
  return !wish || (wish.op === 'create' ? wish.lens.enterable : wish.lens.writable).has(key)
}

/** An option that is no longer used may stay where it stands. */
function checkOptions(batch: Batch, draft: Draft): void {
  for (const field of draft.plan.selects) {
    const step = changeOf(draft, field.key)
    if (step && added(draft, field).some((key) => field.options?.get(key)?.off)) no(batch, step.index, refuse('VALUE_INVALID', field.key, { field: field.key, reason: 'off' }))
  }
}

function added(draft: Draft, { key }: Pick<FieldPlan, 'key'>): string[] {
  const before = new Set([draft.before?.values[key] ?? []].flat())
  return ([valueOf(draft, key) ?? []].flat() as string[]).filter((option) => !before.has(option))
}

function checkPeople(batch: Batch, draft: Draft): void {
  checkPerson(batch, draft, { key: 'owner', kind: 'member' })
  checkCollaborators(batch, draft)
  for (const field of draft.plan.people) checkPerson(batch, draft, field)
}

/** Whom a record is newly shared with is there; who has left since stays named. */
function checkCollaborators(batch: Batch, draft: Draft): void {
  const step = changeOf(draft, 'collaborators')
  const before = new Set(draft.before?.values['collaborators'] as readonly number[] | undefined)
  const added = ((valueOf(draft, 'collaborators') ?? []) as readonly number[]).filter((id) => !before.has(id))
  if (step && added.some((id) => !batch.members.get(id)?.active)) no(batch, step.index, refuse('VALUE_INVALID', 'collaborators', { field: 'collaborators', reason: 'member' }))
  if (step && (valueOf(draft, 'collaborators') as readonly number[] | null ?? []).length > MOST_COLLABORATORS) no(batch, step.index, refuse('VALUE_INVALID', 'collaborators', { field: 'collaborators', reason: `≤ ${MOST_COLLABORATORS}` }))
}

const MOST_COLLABORATORS = 50

function checkPerson(batch: Batch, draft: Draft, { key, kind }: Pick<FieldPlan, 'key' | 'kind'>): void {
  const step = changeOf(draft, key)
  if (!step) return
  const known = (id: number) => (kind === 'team' ? batch.ctx.metadata.teams.has(id) : batch.members.get(id)?.active)
  // Who has left may stay where they were; nobody who has left is entered.
  const ids = kind === 'members' ? added(draft, { key }) as unknown as number[] : ([valueOf(draft, key) ?? []].flat() as number[])
  if (!ids.every(known)) no(batch, step.index, refuse('VALUE_INVALID', key, { field: key, reason: kind === 'members' ? 'member' : kind }))
}

function checkSentences(batch: Batch, draft: Draft, at: BindContext): void {
  for (const { key, message, holds } of draft.plan.checks) {
    if (!holds(draft.values, NOTHING_SEEN, at)) no(batch, draft.steps.at(-1)!.index, refuse('VALUE_INVALID', key, { field: key, reason: message[batch.ctx.request?.lang ?? 'zh'] }))
  }
}

/** Asked of whoever moves either end; an event that stood turned before may be changed otherwise. */
function checkEnd(batch: Batch, draft: Draft): void {
  const { event } = draft.plan.object
  const step = event && (changeOf(draft, event.ends) ?? changeOf(draft, event.starts))
  if (!step || draft.gone) return
  const [starts, ends] = [valueOf(draft, event.starts), valueOf(draft, event.ends)] as (string | null)[]
  if (starts && ends && Date.parse(ends) <= Date.parse(starts)) no(batch, step.index, refuse('EVENT_ENDS_EARLY', event.ends))
}

function referencesOf(batch: Batch, draft: Draft): Question[] {
  return draft.plan.references.flatMap((field): Question[] => {
    const [step, value] = [changeOf(draft, field.key), valueOf(draft, field.key)]
    if (!step || value === null) return []
    const target = field.kind === 'anyReference' ? (value as { object: string; id: string }) : { object: field.targets[0] ?? '', id: value as string }
    // Rows of a record are changed by whoever may edit the record.
    const action = draft.plan.object.part && field.key === draft.plan.object.scopeVia ? 'edit' : 'read'
    return isKnown(batch, target, action) ? [] : [{ ask: 'visible', ...target, action, index: step.index, field: field.key }]
  })
}

/** Created or locked by this batch, hence seen. */
function isKnown({ ctx, drafts, rows, unseen, options: { locked } }: Batch, { object, id }: { object: string; id: string }, action: 'read' | 'edit'): boolean {
  const key = draftKey(object, id)
  // Whoever locked it for the kernel has seen it.
  const given = ctx.principal.kind === 'kernel' ? locked?.get(id) : undefined
  if (given?.object === object) return !(drafts.get(key) ?? given).gone
  if (unseen.has(key)) return false
  const draft = drafts.get(key)
  if (action === 'edit' && rows.get(key)?.rights.edit === false) return false
  if (draft) return !draft.gone
  return rows.get(key)?.image.gone === false
}

/** A number that is being given has never been given before: its unique index answers for it, and nobody need ask. */
const isDrawn = ({ before, plan }: Draft, field: Draft['plan']['uniques'][number]): boolean => before === null && plan.autos.includes(field)

function uniquesOf(draft: Draft): Question[] {
  return draft.plan.uniques.flatMap((field): Question[] => {
    if (isDrawn(draft, field)) return []
    const [step, value] = [changeOf(draft, field.key), valueOf(draft, field.key)]
    // A restored record comes back with all its values.
    const back = step ?? draft.steps.find(({ fields }) => fields[GONE] !== undefined)
    return !back || value === null || draft.gone ? [] : [{ ask: 'unique', object: draft.plan.object.key, id: draft.id, index: back.index, field: field.key, value }]
  })
}

/** Files that were not there before. */
function filesOf(draft: Draft): Question[] {
  return draft.plan.files.flatMap((field) => {
    const step = changeOf(draft, field)
    return step ? newFiles(draft, field).map((id): Question => ({ ask: 'file', object: draft.plan.object.key, record: draft.id, id, index: step.index, field })) : []
  })
}

export function newFiles(draft: Draft, field: string): string[] {
  const before = new Set((draft.before?.values[field] ?? []) as readonly string[])
  return ((valueOf(draft, field) ?? []) as readonly string[]).filter((id) => !before.has(id))
}

function refuseRepeated(batch: Batch, questions: readonly Question[]): void {
  const seen = new Set<string>()
  for (const question of questions) {
    if (question.ask !== 'unique') continue
    const key = JSON.stringify([question.object, question.field, question.value])
    if (seen.has(key)) no(batch, question.index, refuse('VALUE_DUPLICATE', question.field, { field: question.field }))
    seen.add(key)
  }
}
