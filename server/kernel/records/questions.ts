import { refuse, type Refusal } from '#contract'
import { lensOf, params, type Params } from '#kernel/access'
import { draftKey, type Batch } from './batch.ts'
import { planOf } from './plan.ts'

/** What only the database knows: does the principal see that record; is that value taken by another one; may that file stand there. */
export type Question =
  | { ask: 'visible'; object: string; id: string; index: number; field: string; action: 'read' | 'edit' }
  | { ask: 'unique'; object: string; id: string; index: number; field: string; value: unknown }
  | { ask: 'file'; object: string; record: string; id: string; index: number; field: string }

interface Answer { no: number; id: string; value: string | null }

/** All questions of a batch in one statement: one branch per target object and per unique field. */
export async function askDatabase(batch: Batch, questions: readonly Question[]): Promise<{ index: number; refusal: Refusal }[]> {
  const groups = [...Map.groupBy(questions, nameOf).values()]
  const given = params()
  const branches = groups.map((group, no) => BRANCHES[group[0]!.ask](batch, group as never, { no, given }))
  const answers = await batch.ctx.tx.query<Answer>(branches.join(' union all '), given.values)
  const byGroup = Map.groupBy(answers, ({ no }) => no)
  return groups.flatMap((group, no) => group.flatMap((question) => judge(batch, question, byGroup.get(no) ?? [])))
}

const nameOf = (question: Question): string => (question.ask === 'visible' ? `${question.object} ${question.action}` : question.ask === 'file' ? 'file' : `${question.object}.${question.field}`)
type Unique = Extract<Question, { ask: 'unique' }>
type OfFile = Extract<Question, { ask: 'file' }>
type Visible = Extract<Question, { ask: 'visible' }>
interface Branch { no: number; given: Params }

function visibleBranch({ ctx }: Batch, group: readonly Visible[], { no, given }: Branch): string {
  const object = ctx.metadata.objects.get(group[0]!.object)
  if (!object) return `select ${no} as no, null::uuid as id, null::text as value where false`
  const ids = given.add([...new Set(group.map(({ id }) => id))], 'uuid[]')
  return `select ${no} as no, r.id, null::text as value from ${object.table} r where r.id = any(${ids}) and ${lensOf(ctx, object.key).rows(group[0]!.action, 'r', given)}`
}

/** Asked of all living records whoever owns them: the answer is one fixed sentence (decision 10). */
function uniqueBranch({ ctx }: Batch, group: readonly Unique[], { no, given }: Branch): string {
  const { object, field } = group[0]!
  const { name, type } = planOf(ctx.metadata, object)!.cell.get(field)!
  const values = given.add(group.map(({ value }) => value), `${type}[]`)
  return `select ${no} as no, r.id, r."${name}"::text as value from ${ctx.metadata.objects.get(object)!.table} r where r."${name}" = any(${values}) and r.gone_act is null`
}

/**
 * A file may be put where its uploader puts it, and back to where it has stood before (undo). An id alone opens nothing:
 * otherwise whoever guessed one could read it through a record of their own. The kernel may use every file.
 */
function fileBranch({ ctx }: Batch, group: readonly OfFile[], { no, given }: Branch): string {
  const [ids, records, places] = [group.map(({ id }) => id), group.map(({ record }) => record), group.map(({ object, field }) => `${object}.${field}`)]
  const member = ctx.principal.kind === 'member' ? ctx.principal.member.id : null
  const mine = member === null ? 'true' : `(f.uploaded_by = ${given.add(member, 'int')} or exists (select from {t}.file_use u where u.file = x.file and u.record = x.record and u.object || '.' || u.field = x.place))`
  return `select ${no} as no, x.file as id, x.record || '.' || x.place as value from unnest(${given.add(ids, 'uuid[]')}, ${given.add(records, 'uuid[]')}, ${given.add(places, 'text[]')}) as x(file, record, place)
    join {t}.file f on f.id = x.file where f.scan <> 'infected' and ${mine}`
}

const BRANCHES = { visible: visibleBranch, unique: uniqueBranch, file: fileBranch }

function judge(batch: Batch, question: Question, answers: readonly Answer[]): { index: number; refusal: Refusal }[] {
  const { ask, index, field } = question
  if (ask === 'visible') return answers.some(({ id }) => id === question.id) ? [] : [{ index, refusal: refuse('VALUE_INVALID', field, { field, reason: 'reference' }) }]
  if (ask === 'file') return answers.some(({ id, value }) => id === question.id && value === `${question.record}.${question.object}.${field}`) ? [] : [{ index, refusal: refuse('VALUE_INVALID', field, { field, reason: 'file' }) }]
  const taken = answers.some(({ id, value }) => value === String(question.value) && id !== question.id && !givesUp(batch, question, id))
  return taken ? [{ index, refusal: refuse('VALUE_DUPLICATE', field, { field }) }] : []
}

/** Another record of this batch that lets go of the value in the same moment. */
function givesUp({ drafts }: Batch, { object, field, value }: Unique, id: string): boolean {
  const draft = drafts.get(draftKey(object, id))
  return draft !== undefined && (draft.gone || draft.values[field] !== value)
}
