import { refuse, type Refusal } from '#contract'
import { lensOf, params, type Params } from '#kernel/access'
import { draftKey, type Batch } from './batch.ts'
import { planOf } from './plan.ts'

/** What only the database knows: does the principal see that record; is that value taken by another one. */
export type Question =
  | { ask: 'visible'; object: string; id: string; index: number; field: string }
  | { ask: 'unique'; object: string; id: string; index: number; field: string; value: unknown }

interface Answer { no: number; id: string; value: string | null }

/** All questions of a batch in one statement: one branch per target object and per unique field. */
export async function askDatabase(batch: Batch, questions: readonly Question[]): Promise<{ index: number; refusal: Refusal }[]> {
  const groups = [...Map.groupBy(questions, (question) => (question.ask === 'visible' ? question.object : `${question.object}.${question.field}`)).values()]
  const given = params()
  const branches = groups.map((group, no) => (group[0]!.ask === 'visible' ? visibleBranch(batch, group, { no, given }) : uniqueBranch(batch, group as Unique[], { no, given })))
  const answers = await batch.ctx.tx.query<Answer>(branches.join(' union all '), given.values)
  const byGroup = Map.groupBy(answers, ({ no }) => no)
  return groups.flatMap((group, no) => group.flatMap((question) => judge(batch, question, byGroup.get(no) ?? [])))
}

type Unique = Extract<Question, { ask: 'unique' }>
interface Branch { no: number; given: Params }

function visibleBranch({ ctx }: Batch, group: readonly Question[], { no, given }: Branch): string {
  const object = ctx.metadata.objects.get(group[0]!.object)
  if (!object) return `select ${no} as no, null::uuid as id, null::text as value where false`
  const ids = given.add([...new Set(group.map(({ id }) => id))], 'uuid[]')
  return `select ${no} as no, r.id, null::text as value from ${object.table} r where r.id = any(${ids}) and ${lensOf(ctx, object.key).rows('read', 'r', given)}`
}

/** Asked of all living records whoever owns them: the answer is one fixed sentence (decision 10). */
function uniqueBranch({ ctx }: Batch, group: readonly Unique[], { no, given }: Branch): string {
  const { object, field } = group[0]!
  const { name, type } = planOf(ctx.metadata, object)!.cell.get(field)!
  const values = given.add(group.map(({ value }) => value), `${type}[]`)
  return `select ${no} as no, r.id, r."${name}"::text as value from ${ctx.metadata.objects.get(object)!.table} r where r."${name}" = any(${values}) and r.gone_act is null`
}

function judge(batch: Batch, question: Question, answers: readonly Answer[]): { index: number; refusal: Refusal }[] {
  const { ask, index, field } = question
  if (ask === 'visible') return answers.some(({ id }) => id === question.id) ? [] : [{ index, refusal: refuse('VALUE_INVALID', field, { field, reason: 'reference' }) }]
  const taken = answers.some(({ id, value }) => value === String(question.value) && id !== question.id && !givesUp(batch, question, id))
  return taken ? [{ index, refusal: refuse('VALUE_DUPLICATE', field, { field }) }] : []
}

/** Another record of this batch that lets go of the value in the same moment. */
function givesUp({ drafts }: Batch, { object, field, value }: Unique, id: string): boolean {
  const draft = drafts.get(draftKey(object, id))
  return draft !== undefined && (draft.gone || draft.values[field] !== value)
}
