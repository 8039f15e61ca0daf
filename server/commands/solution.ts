import { readFileSync, writeFileSync } from 'node:fs'
import { kernelContext } from '#kernel/access'
import { applySolution, exportSolution, type PlanItem, planSolution, type Verdict } from '#kernel/solutions'
import { Solution } from '#language/definitions'
import { isSolution, loadSolution, SOLUTION_KEYS } from '../../solutions/index.ts'
import { type Command, type Desk, misuse } from './types.ts'

export const solutionApply: Command = {
  usage: 'solution apply <方案或 .json 文件>',
  zh: `安装或升级方案（${SOLUTION_KEYS.join('、')}，或导出的文件）；改过的配置保持不动`, en: 'install or upgrade a solution; what was changed here stays',
  run: async (desk) => {
    const solution = read(desk)
    const [db, tenant] = [await desk.db(), await desk.tenant()]
    const applied = await db.mutate(tenant, (tx) => applySolution({ tx, actor: { kind: 'system', reason: 'command line' } }, solution))
    if (!applied.ok) {
      for (const { kind, key, refusal } of applied.refusals) desk.print(`${kind} ${key}: ${refusal.code} ${refusal.path ?? ''} ${JSON.stringify(refusal.params ?? {})}`)
      return 1
    }
    const changed = applied.published.filter((each) => each.changed)
    desk.print(`已安装 ${solution.label.zh}：更新 ${changed.length} 项，合并 ${applied.merged.length} 项，保留 ${applied.kept.length} 项 · ${changed.length} changed, ${applied.merged.length} merged, ${applied.kept.length} kept`)
    for (const item of [...applied.merged, ...applied.kept]) printItem(desk, item)
    return 0
  },
}

export const solutionPlan: Command = {
  usage: 'solution plan <方案或 .json 文件>',
  zh: '先看安装或升级会改什么：新增、更新、合并、保留，逐项列出，不写入', en: 'what installing or upgrading would do, item by item; nothing is written',
  run: async (desk) => {
    const solution = read(desk)
    const [db, tenant] = [await desk.db(), await desk.tenant()]
    const plan = await db.read(tenant, (tx) => planSolution(tx, solution))
    desk.print(VERDICTS.map(([verdict, zh, en]) => `${zh} · ${en} ${plan.filter((each) => each.verdict === verdict).length}`).join('   '))
    for (const item of plan) if (item.verdict !== 'same') printItem(desk, item)
    const waiting = plan.filter(({ verdict }) => CHANGES.has(verdict))
    if (waiting.length === 0) return desk.print('已是最新，没有要应用的 · up to date')
    const objects = waiting.filter(({ kind, verdict }) => kind === 'object' && verdict === 'new')
    if (objects.length > 0) desk.print(`新的对象要应用后才会出现，在那之前用到它们的功能不显示：${objects.map(({ label }) => label.zh).join('、')} · new objects appear once applied; until then what needs them is not shown`)
    desk.print(`以上 ${waiting.length} 项还没有生效，应用请运行 nextmove solution apply ${desk.words[1]} · nothing of this is live yet; apply it with this command`)
  },
}

const CHANGES: ReadonlySet<Verdict> = new Set(['new', 'update', 'merge'])
const KINDS: Readonly<Partial<Record<PlanItem['kind'], string>>> = { object: '对象', dictionary: '字典', tag: '标签', role: '角色', grading: '分级', assignmentPolicy: '分配方案', form: '表单', rule: '规则', view: '视图', recordAct: '记录操作', conversion: '转换', layout: '页面布局', print: '打印模板', letterhead: '公司抬头', dashboard: '看板', policy: '权限策略', pooling: '公海', calendar: '工作日历' }
const VERDICTS: readonly (readonly [Verdict, string, string])[] = [
  ['new', '新增', 'new'], ['update', '更新', 'update'], ['merge', '合并', 'merge'], ['keep', '保留', 'keep'], ['removed', '已删，不恢复', 'removed here'], ['same', '相同', 'same'],
]

function printItem(desk: Desk, { kind, key, label, verdict, conflicts }: PlanItem): void {
  const [, zh, en] = VERDICTS.find(([each]) => each === verdict)!
  desk.print(`  ${zh} · ${en}  ${KINDS[kind] ?? kind}「${label.zh}」  ${kind} ${key}`)
  for (const { path } of conflicts) desk.print(`    两边都改了 ${path}，保留您的 · both changed ${path}, yours stays`)
}

function read({ words: [, name], file }: Desk): Solution {
  if (!name) return misuse('请给出方案', 'Name a solution')
  if (isSolution(name)) return loadSolution(name)
  const parsed = Solution.safeParse(JSON.parse(readFileSync(file(name), 'utf8')))
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  return misuse(`文件不是方案：${path.join('.')} ${message}`, `The file is no solution: ${path.join('.')} ${message}`)
}

export const solutionExport: Command = {
  usage: 'solution export [--out <文件>]',
  zh: '导出全部配置', en: 'export everything configured',
  run: async (desk) => {
    const [db, tenant] = [await desk.db(), await desk.tenant()]
    const solution = await db.read(tenant, async (tx) => {
      await kernelContext(tx, { kind: 'system', reason: 'command line' }, { kind: 'definition' })
      return exportSolution(tx, { key: tenant.key.replaceAll('-', '_'), label: { zh: tenant.name, en: tenant.name }, version: new Date().toISOString().slice(0, 10) })
    })
    const text = JSON.stringify(solution, null, 2)
    const out = desk.flag('out')
    if (out) writeFileSync(desk.file(out), `${text}\n`)
    else desk.print(text)
  },
}
