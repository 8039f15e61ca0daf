import { Refused, refused } from '#contract'
import type { Context } from '#kernel/access'
import { emailOf, phoneOf } from './accounts.ts'
import { asOneAct } from './log.ts'
import { createMember, updateMember } from './people.ts'
import { table } from './table.ts'

/** One line of the list: what was written, and what is wrong with it by column. */
export interface ImportRow { line: number; name: string; account: string; roles: string; team: string; problems: { column: string; zh: string; en: string }[] }
export interface Imported { id: number; name: string; line: number }

/** Columns by their heads, as a colleague writes them. */
const HEADS: Readonly<Record<string, Column>> = {
  姓名: 'name', 名字: 'name', name: 'name', 手机: 'phone', 手机号: 'phone', 电话: 'phone', phone: 'phone', 邮箱: 'email', 电子邮箱: 'email', email: 'email', 职务: 'job', 职位: 'job', job: 'job',
  角色: 'roles', roles: 'roles', 部门: 'team', 主部门: 'team', team: 'team', 兼任部门: 'teams', 直属上级: 'supervisor', 上级: 'supervisor', supervisor: 'supervisor', 承接上限: 'capacity', capacity: 'capacity',
}
type Column = 'name' | 'phone' | 'email' | 'job' | 'roles' | 'team' | 'teams' | 'supervisor' | 'capacity'
const MOST = 500
const LIST = /[、,，;；/]/

/** What stands in a pasted table, line by line, before anybody is added. Refused VALUE_INVALID when there is no head with 姓名 or more than 500 lines. */
export async function previewImport(ctx: Context, text: string): Promise<ImportRow[]> {
  const lines = linesOf(text)
  const places = placesOf(ctx)
  const taken = await takenAccounts(ctx, lines)
  const seen = new Set<string>()
  return lines.map((line) => ({ line: line.at, name: line.cells.name, account: line.cells.email || line.cells.phone, roles: line.cells.roles, team: line.cells.team, problems: problemsOf(line, { places, taken, seen, names: new Set(lines.map(({ cells }) => cells.name)), ctx }) }))
}

/** Adds everybody on the list, supervisors afterwards; all or nothing, in one act. Refused VALUE_INVALID naming the first line that is wrong. */
export async function importMembers(ctx: Context, text: string): Promise<Imported[]> {
  const wrong = (await previewImport(ctx, text)).find(({ problems }) => problems.length > 0)
  if (wrong) refused('VALUE_INVALID', `text.${wrong.line}`, { field: wrong.problems[0]!.column, reason: `第 ${wrong.line} 行：${wrong.problems[0]!.zh}`, reasonEn: `line ${wrong.line}: ${wrong.problems[0]!.en}` })
  const [lines, places] = [linesOf(text), placesOf(ctx)]
  return asOneAct(ctx, ['members_imported', lines.length], (whole) => addAll(whole, lines, places))
}

async function addAll(ctx: Context, lines: readonly Line[], places: ReturnType<typeof placesOf>): Promise<Imported[]> {
  const made: (Imported & { supervisor: string })[] = []
  for (const { at, cells } of lines) {
    const { id, name } = await createMember(ctx, {
      name: cells.name, email: cells.email || null, phone: cells.phone || null, job: cells.job || null, roles: split(cells.roles).map((role) => places.role(role)!),
      team: cells.team ? places.team(cells.team)! : null, teams: split(cells.teams).map((team) => places.team(team)!),
      ...(cells.capacity && { capability: { skills: [], regions: [], capacity: Number(cells.capacity) } }),
    })
    made.push({ id, name, line: at, supervisor: cells.supervisor })
  }
  for (const { id, supervisor } of made) if (supervisor) await updateMember(ctx, id, { supervisor: made.find(({ name }) => name === supervisor)?.id ?? (await memberNamed(ctx, supervisor))! })
  return made.map(({ supervisor: _, ...each }) => each)
}

interface Line { at: number; cells: Record<Column, string> }

function linesOf(text: string): Line[] {
  const [head, ...rows] = table(text)
  const columns = (head ?? []).map((cell) => HEADS[cell.replaceAll(/[*\s]/g, '').toLowerCase()])
  if (!columns.includes('name')) refused('VALUE_INVALID', 'text', { field: '成员名单', fieldEn: 'list of members', reason: '第一行是表头，至少要有「姓名」「角色」和「手机」或「邮箱」', reasonEn: 'the first line holds the heads: 姓名, 角色, and 手机 or 邮箱' })
  if (rows.length > MOST) refused('VALUE_INVALID', 'text', { field: '成员名单', fieldEn: 'list of members', reason: `一次最多 ${MOST} 人`, reasonEn: `at most ${MOST} people at once` })
  const cell = (row: readonly string[], column: Column) => row[columns.indexOf(column)]?.trim() ?? ''
  const names: Column[] = ['name', 'phone', 'email', 'job', 'roles', 'team', 'teams', 'supervisor', 'capacity']
  return rows.map((row, i) => ({ at: i + 2, cells: Object.fromEntries(names.map((column) => [column, columns.includes(column) ? cell(row, column) : ''])) as Line['cells'] }))
}

const split = (text: string): string[] => text.split(LIST).map((part) => part.trim()).filter(Boolean)

/** Roles and teams by what people call them; a team also by its path, parent>team. */
function placesOf({ metadata }: Context) {
  const roles = new Map([...metadata.roles.values()].flatMap(({ key, label }) => [[key, key], [label.zh, key], [label.en.toLowerCase(), key]] as [string, string][]))
  const path = (id: number): string => { const { name, parent } = metadata.teams.get(id)!; return parent === null ? name : `${path(parent)}>${name}` }
  const teams = Map.groupBy([...metadata.teams.values()], ({ name }) => name)
  const byPath = new Map([...metadata.teams.keys()].map((id) => [path(id), id]))
  return {
    role: (name: string) => roles.get(name) ?? roles.get(name.toLowerCase()),
    team: (name: string) => (/[>＞]/.test(name) ? byPath.get(name.split(/[>＞]/).map((part) => part.trim()).join('>')) : teams.get(name)?.length === 1 ? teams.get(name)![0]!.id : undefined),
  }
}

interface Judging { places: ReturnType<typeof placesOf>; taken: ReadonlySet<string>; seen: Set<string>; names: ReadonlySet<string>; ctx: Context }

function problemsOf({ cells }: Line, { places, taken, seen, names }: Judging): ImportRow['problems'] {
  const found: ImportRow['problems'] = []
  const no = (column: string, zh: string, en: string) => void found.push({ column, zh, en })
  if (!cells.name) no('姓名', '没有填姓名', 'no name')
  if (!cells.email && !cells.phone) no('手机', '手机和邮箱至少填一个', 'neither phone nor e-mail')
  for (const account of accountsOf(cells)) {
    if (account === null) no(cells.phone ? '手机' : '邮箱', `「${cells.phone || cells.email}」不是有效的号码或邮箱`, `“${cells.phone || cells.email}” is neither phone nor e-mail`)
    else if (taken.has(account) || seen.has(account)) no(account.includes('@') ? '邮箱' : '手机', `${account} 已经有人用了`, `${account} is taken`)
    if (account !== null) seen.add(account)
  }
  if (split(cells.roles).length === 0) no('角色', '没有填角色', 'no role')
  for (const role of split(cells.roles)) if (!places.role(role)) no('角色', `没有角色「${role}」`, `there is no role “${role}”`)
  for (const team of [cells.team, ...split(cells.teams)].filter(Boolean)) if (places.team(team) === undefined) no('部门', `没有部门「${team}」，或有几个同名的，请写成「上级>部门」`, `there is no team “${team}”, or several: write parent>team`)
  if (cells.supervisor && !names.has(cells.supervisor) && !taken.has(`name:${cells.supervisor}`)) no('直属上级', `没有成员「${cells.supervisor}」`, `there is no member “${cells.supervisor}”`)
  if (cells.supervisor && cells.supervisor === cells.name) no('直属上级', '不能是自己', 'not oneself')
  if (cells.capacity && !/^\d{1,6}$/.test(cells.capacity)) no('承接上限', `「${cells.capacity}」不是整数`, `“${cells.capacity}” is no whole number`)
  return found
}

/** As they will be stored; null for what cannot be read. */
function accountsOf({ email, phone }: Line['cells']): (string | null)[] {
  const read = (work: () => string): string | null => { try { return work() } catch (error) { if (error instanceof Refused) return null; throw error } }
  return [...(email ? [/^\S+@\S+\.\S+$/.test(email) ? emailOf(email) : null] : []), ...(phone ? [read(() => phoneOf(phone, 'phone'))] : [])]
}

/** Of the accounts and names on the list those that exist: one statement. */
async function takenAccounts({ tx }: Context, lines: readonly Line[]): Promise<ReadonlySet<string>> {
  const accounts = lines.flatMap(({ cells }) => accountsOf(cells)).filter((account) => account !== null)
  const rows = await tx.query<{ email: string | null; phone: string | null; name: string }>(`select email, phone, name from {t}.member where email = any($1) or phone = any($1) or (name = any($2) and state = 'active')`, [accounts, lines.map(({ cells }) => cells.supervisor)])
  return new Set(rows.flatMap(({ email, phone, name }) => [email, phone, `name:${name}`].filter((each) => each !== null)))
}

async function memberNamed({ tx }: Context, name: string): Promise<number | undefined> {
  const [row] = await tx.query<{ id: number }>(`select id from {t}.member where name = $1 and state = 'active' order by id limit 1`, [name])
  return row?.id
}
