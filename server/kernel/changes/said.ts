import { formatDuration, type Duration } from '#language/values'

/** Why the house itself did something: kept as a key with what belongs into the sentence, and put into words for whoever reads it. */
export type HouseReason =
  | readonly ['members_imported' | 'demo_passwords', count: number] | readonly ['company_imported', teams: number, members: number]
  | readonly ['handed_over' | 'changed_team', member: string] | readonly ['configuration_imported', file: string, from: string] | readonly ['configuration_taken_back', file: string] | readonly ['silent_for', length: Duration]

/** As it is kept: texts letter by letter, so that what is personal in them is found. */
export const houseReason = ([key, ...said]: HouseReason): string => `house:${[key, ...said.map((each) => JSON.stringify(each))].join(' ')}`

interface Words { zh: string; en: string }
const of = (n: unknown, one: string): string => `${String(n)} ${one}${n === 1 ? '' : 's'}`
const REASONS: Record<HouseReason[0], (first: string | number, second: string | number) => Words> = {
  members_imported: (n) => ({ zh: `导入 ${n} 名成员`, en: `Imported ${of(n, 'member')}` }),
  company_imported: (teams, members) => ({ zh: `导入公司：${teams} 个部门、${members} 名成员`, en: `Imported the company: ${of(teams, 'department')}, ${of(members, 'member')}` }),
  demo_passwords: (n) => ({ zh: `演示公司：${n} 名成员的登录密码`, en: `Demo company: passwords of ${of(n, 'member')}` }),
  handed_over: (member) => ({ zh: `工作交接：${member}`, en: `Work handed over: ${member}` }),
  changed_team: (member) => ({ zh: `调换部门：${member}`, en: `Changed departments: ${member}` }),
  configuration_imported: (file, from) => ({ zh: `导入配置 ${file}（${from}）`, en: `Imported configuration ${file} (${from})` }),
  configuration_taken_back: (file) => ({ zh: `撤销导入配置 ${file}`, en: `Took back the imported configuration ${file}` }),
  silent_for: (length) => ({ zh: `${formatDuration(length as Duration)}没有跟进`, en: `No follow-up for ${formatDuration(length as Duration, 'en')}` }),
}

/** Why, in words: of what the house gave as its reason; what a person wrote, and what older versions wrote, stays as it is. */
export function reasonSaid(reason: string | null, lang: 'zh' | 'en'): string | null {
  const [, key = '', given = ''] = /^house:(\w+)((?: (?:\d+|"(?:[^"\\]|\\.)*"))+)$/.exec(reason ?? '') ?? []
  if (!Object.hasOwn(REASONS, key)) return reason
  const [first = 0, second = 0] = (given.match(/\d+|"(?:[^"\\]|\\.)*"/g) ?? []).map((each) => JSON.parse(each) as string | number)
  return REASONS[key as HouseReason[0]](first, second)[lang]
}

/** What acts of its own accord, by the name under which the log keeps it; some as older versions kept them. */
const RETURN: Words = { zh: '公海自动回收', en: 'Automatic return to the pool' }
const ABSENCES: Words = { zh: '请假', en: 'Absences' }
const BIN: Words = { zh: '回收站到期清理', en: 'Emptying of the bin' }
const SYSTEMS: Readonly<Record<string, Words>> = {
  install: { zh: '安装方案', en: 'Installation' }, demo: { zh: '演示数据', en: 'Demo data' }, 'set-up': { zh: '首次设置', en: 'Set-up' }, 'command line': { zh: '命令行', en: 'Command line' }, 'sign-in': { zh: '未登录的人', en: 'Somebody not signed in' },
  'pool return': RETURN, 公海自动回收: RETURN, absences: ABSENCES, 请假: ABSENCES, bin: BIN, 回收站到期清理: BIN,
}

/** Null: no name of its own. */
export function systemSaid(reason: string): Words | null {
  const [, provider] = /^company account: (.+)$/.exec(reason) ?? []
  if (provider) return { zh: `企业登录「${provider}」`, en: `Company sign-in “${provider}”` }
  return Object.hasOwn(SYSTEMS, reason) ? SYSTEMS[reason]! : null
}

/** `said`: the name is in words. */
export function systemActor(reason: string, lang: 'zh' | 'en'): { kind: 'system'; name: string; said?: true } {
  const words = systemSaid(reason)
  return { kind: 'system', name: words?.[lang] ?? reason, ...(words && { said: true }) }
}
