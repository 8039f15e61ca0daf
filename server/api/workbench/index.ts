import { createHash } from 'node:crypto'
import type { WorkbenchShape } from '#contract/api'
import type { Context } from '#kernel/access'
import { WORKBENCH } from './cast.ts'
import { addDays, dayOf, formatRemaining, startOfDay } from '#language/values'
import { doings, type DoingRow } from './doings.ts'
import { monthFigures } from './figures.ts'
import { notable, type NotableRow } from './notable.ts'
import { promises, type PromiseRow } from './promises.ts'
import { standingIn } from './standing.ts'
import { gradeReason, subjects, type SubjectRow } from './subjects.ts'
import { asksOfMe } from './waiting.ts'
import { behaviourName, type Both, deed, doingWords, dueWords } from './words.ts'

export { WORKBENCH }
export { panorama, panoramaSearch } from './panorama.ts'

type Block = WorkbenchShape['blocks'][number]
type Row = Block['rows'][number]
const ROWS = 50
const LATEST = 20

/** The home page: one's own day in three blocks, for those who lead a team the team's and its month, for others what they have to do. At most eight statements. */
export async function workbench(ctx: Context): Promise<WorkbenchShape> {
  const kind = KINDS[homeOf(ctx)]
  const blocks = await BLOCKS[kind](ctx)
  const standing = await standingIn(ctx)
  return { kind, now: ctx.now.toISOString(), blocks, ...(standing.length > 0 && { standing }), ...(kind === 'team' && { figures: await monthFigures(ctx) }) }
}

/** Changes when what the reader sees on the page changes, the passing of minutes apart. */
export async function workbenchHash(ctx: Context): Promise<string> {
  const { kind, blocks, figures, standing } = await workbench(ctx)
  const lasting = blocks.map(({ rows, more }) => [more, rows.map(({ reason: _, ...row }) => row)])
  return createHash('sha256').update(JSON.stringify([kind, lasting, figures, standing])).digest('base64url')
}

const me = ({ principal }: Context): number => (principal.kind === 'member' ? principal.member.id : 0)
/** Mine, and what I look after while somebody is away. */
const mine = ({ principal }: Context): number[] => (principal.kind === 'member' ? [principal.member.id, ...principal.member.standsFor] : [])
const homeOf = ({ principal, metadata }: Context) => (principal.kind === 'member' ? metadata.roles.get(principal.member.roles[0] ?? '')?.home : undefined) ?? 'tasks'
const KINDS = { workbench: 'own', team: 'team', tasks: 'tasks', panorama: 'panorama' } as const
const BLOCKS = { own: ownBlocks, team: teamBlocks, tasks: taskBlocks, panorama: taskBlocks }

interface Edges { today: Date; tomorrow: Date }
function edges({ now, tenant }: Context): Edges {
  const day = dayOf(now.getTime(), tenant.zone)
  return { today: new Date(startOfDay(day, tenant.zone)), tomorrow: new Date(startOfDay(addDays(day, 1), tenant.zone)) }
}

async function ownBlocks(ctx: Context): Promise<Block[]> {
  const { today, tomorrow } = edges(ctx)
  const waiting = await subjects(ctx, (part, params, due) => ({
    where: `l.owner = any(${params.add(mine(ctx), 'int[]')}) and (${part.col(WORKBENCH.subject.touched)} is null or ${part.col('next_contact_at')} < ${params.add(tomorrow, 'timestamptz')})`,
    order: `{grade} nulls last, ${due} nulls last, ${part.col('next_contact_at')} nulls last, l.created_at`, limit: ROWS + 1,
  }))
  const latest = await doings(ctx, mine(ctx), LATEST)
  const open = await promises(ctx, (_part, params, col) => `t.owner = any(${params.add(mine(ctx), 'int[]')}) and ${col(WORKBENCH.task.due)} < ${params.add(today, 'timestamptz')}`, ROWS + 1)
  return [
    block('today', { zh: '今日待联系线索', en: 'Leads to contact today' }, waiting.map((row) => subjectRow(ctx, row, waitingReason(ctx, row))), ROWS),
    block('behaviours', { zh: '客户最新行为', en: 'Latest behaviour' }, latest.map((row) => doingRow(ctx, row)), LATEST),
    block('unfinished', { zh: '昨日未闭环事项', en: 'Left open yesterday' }, open.map((row) => promiseRow(row, lateReason(ctx, row.due))), ROWS),
  ]
}

async function teamBlocks(ctx: Context): Promise<Block[]> {
  const soon = new Date(ctx.now.getTime() + 86_400_000)
  const urgent = await subjects(ctx, (_part, params, due) => ({
    where: `(l.owner is null or ${due} < ${params.add(soon, 'timestamptz')})`, order: `l.owner is not null, {grade} nulls last, ${due} nulls last, l.created_at`, limit: ROWS + 1,
  }))
  const stuck = await promises(ctx, (_part, _params, col) => `${col(WORKBENCH.task.escalated)} is not null`, ROWS + 1)
  const acts = await notable(ctx, LATEST)
  return [
    block('assign', { zh: '待分配与快超时', en: 'To assign and nearly late' }, urgent.map((row) => subjectRow(ctx, row, urgentReason(ctx, row))), ROWS),
    block('stuck', { zh: '升级与卡住', en: 'Escalated and stuck' }, stuck.map((row) => promiseRow(row, lateReason(ctx, row.due))), ROWS),
    block('audit', { zh: '审计提醒', en: 'Worth a look' }, acts.map((row) => notableRow(row)), LATEST),
  ]
}

async function taskBlocks(ctx: Context): Promise<Block[]> {
  const open = await promises(ctx, (_part, params) => `t.owner = any(${params.add(mine(ctx), 'int[]')})`, ROWS + 1)
  const asked = await asksOfMe(ctx, me(ctx), LATEST + 1)
  return [
    block('tasks', { zh: '我的待办', en: 'My tasks' }, open.map((row) => promiseRow(row, lateReason(ctx, row.due))), ROWS),
    block('waiting', { zh: '等我处理', en: 'Waiting for me' }, asked, LATEST),
  ]
}

const block = (key: Block['key'], title: Both, rows: Row[], limit: number): Block => ({ key, title, rows: rows.slice(0, limit), more: rows.length > limit })

const RECENT_MS = 3 * 86_400_000

/** The one reason why a record waits: what the person just did, what was agreed, why the grade is high, or that nobody has called yet. */
function waitingReason(ctx: Context, row: SubjectRow): Both {
  if (row.doing && ctx.now.getTime() - Date.parse(row.doing.at) < RECENT_MS) return doingWords(ctx, row.doing)
  if (row.touchedAt && row.nextAt) return dueWords(ctx, row.nextAt)
  return gradeReason(ctx, row) ?? { zh: '首次联系', en: 'First contact' }
}

function urgentReason(ctx: Context, row: SubjectRow): Both {
  if (row.owner === null) return { zh: '还没有负责人', en: 'No owner yet' }
  return row.due ? { zh: formatRemaining(row.due, ctx.now, 'zh'), en: formatRemaining(row.due, ctx.now, 'en') } : { zh: '快超时', en: 'Nearly late' }
}

const lateReason = (ctx: Context, due: Date): Both => ({ zh: formatRemaining(due, ctx.now, 'zh'), en: formatRemaining(due, ctx.now, 'en') })

const tagKeys = ({ metadata }: Context, tags: number[] | null): string[] => (tags ?? []).flatMap((id) => metadata.tags.byId.get(id)?.key ?? [])

function subjectRow(ctx: Context, row: SubjectRow, reason: Both): Row {
  const { object } = WORKBENCH.subject
  const about = row.task ? { object: WORKBENCH.task.object, id: row.task, title: '' } : null
  return { object, id: row.id, title: row.title ?? '', company: row.company, grade: row.grade, tags: tagKeys(ctx, row.tags), phone: row.phone, owner: row.owner, reason, at: row.nextAt?.toISOString() ?? null, due: row.due?.toISOString() ?? null, about }
}

const doingRow = (ctx: Context, row: DoingRow): Row => ({
  object: row.object, id: row.record, title: row.title ?? '', company: row.company, grade: row.grade, tags: tagKeys(ctx, row.tags), phone: row.phone, owner: row.owner,
  reason: deed(ctx, row), at: row.at, due: null, about: { object: WORKBENCH.behaviour.object, id: row.id, title: behaviourName(ctx, row) },
})

const promiseRow = (row: PromiseRow, reason: Both): Row => ({
  object: row.subjectTitle === null ? WORKBENCH.task.object : (row.subjectObject ?? WORKBENCH.task.object), id: row.subjectTitle === null ? row.id : row.subjectId!, title: row.subjectTitle ?? row.title ?? '',
  company: row.company, grade: row.grade, tags: [], phone: null, owner: row.owner, reason, at: row.escalated?.toISOString() ?? null, due: row.due.toISOString(), about: { object: WORKBENCH.task.object, id: row.id, title: row.title ?? '' },
})

function notableRow(row: NotableRow): Row {
  const many = row.records > 1
  const reason = row.deleted ? { zh: `${row.actor} 删除了${many ? ` ${row.records} 条` : ''}记录`, en: `${row.actor} deleted ${row.records} record${many ? 's' : ''}` } : { zh: `${row.actor} 转移了${many ? ` ${row.records} 条` : ''}记录`, en: `${row.actor} transferred ${row.records} record${many ? 's' : ''}` }
  return { object: row.object, id: row.record, title: row.title ?? '', company: null, grade: null, tags: [], phone: null, owner: row.owner, reason, at: row.at.toISOString(), due: null, about: null }
}
