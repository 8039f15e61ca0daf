import { readFileSync } from 'node:fs'
import { flawWords, type Proof, type Trust, verifyLog } from '#kernel/sealing'
import { type Suspect, traceRows } from '#kernel/handout'
import { trustedKeys } from '#platform/crypto'
import type { Tenant } from '#platform/db'
import { openAnchors } from '../start/anchors.ts'
import { type Command, type Desk, misuse } from './types.ts'

export const verify: Command = {
  usage: 'verify [--key <公钥文件>] [--anchors <目录>]',
  zh: '离线证明审计日志：封存、签名、外部锚点，再重放日志并与数据逐行比较', en: 'prove the audit log: seal, signatures, anchors; then replay it and compare it with the rows',
  run: async (desk) => {
    const db = await desk.db()
    const tenants = desk.flag('tenant') ? [await desk.tenant()] : await db.tenants()
    let wrong = 0
    for (const tenant of tenants) {
      const proof = await db.read(tenant, (tx) => verifyLog(tx, trustOf(desk, tenant)))
      tell(desk, tenant, proof)
      wrong += proof.findings.length
    }
    return wrong === 0 ? 0 : 1
  },
}

/** Keys and anchors of this data folder; `--key` and `--anchors` name better places. */
function trustOf(desk: Desk, tenant: Tenant): Trust {
  const [key, anchors] = [desk.flag('key'), desk.flag('anchors')]
  return { keys: trustedKeys([key ? desk.file(key) : desk.options.sealDir]), anchors: openAnchors(anchors ? desk.file(anchors) : desk.options.anchorDir).all(tenant) }
}

function tell(desk: Desk, { key }: Tenant, { blocks, acts, changes, waiting, erased, erasures, records, head, findings }: Proof): void {
  desk.print(`${key}: ${blocks} 块、${acts} 次操作、${changes} 条变更已封存，${waiting} 次等待封存${erased ? `，${erased} 条已依法删除内容` : ''}；${records} 条记录已重放；${findings.length} 处异常 · ${blocks} blocks, ${acts} acts, ${changes} changes sealed, ${waiting} waiting, ${erased} erased; ${records} records replayed; ${findings.length} findings`)
  for (const { act, n } of erasures) desk.print(`  ${n} 处由操作 ${act} 依法删除 · ${n} erased by act ${act}`)
  if (head) desk.print(`  块 ${head.number} · ${head.at} · ${head.hash}`)
  for (const each of findings.slice(0, 50)) { const { zh, en } = flawWords(each); desk.print(`  ✗ ${zh}\n    ${en}`) }
  if (findings.length > 50) desk.print(`  … ${findings.length - 50}`)
}

export const traceExport: Command = {
  usage: 'trace-export [文件]',
  zh: '从几行泄露的内容找出是哪次导出、谁导的（贴在文件里，或从标准输入）', en: 'find from a few leaked rows which export they are from and who made it (a file, or standard input)',
  run: async (desk) => {
    const rows = readFileSync(desk.words[0] ? desk.file(desk.words[0]) : 0, 'utf8').split(/\r?\n/).filter((line) => line.trim()).map(cellsOf)
    if (rows.length === 0) misuse('没有内容：请贴几行', 'Nothing to look for: paste a few rows')
    const [db, tenant] = [await desk.db(), await desk.tenant()]
    const suspects = await db.read(tenant, (tx) => traceRows(tx, rows))
    if (suspects.length === 0) desk.print('没有一次导出含有这些行 · no export holds these rows')
    const [first] = suspects
    const equal = suspects.filter(({ found, values, marked }) => found === first!.found && values === first!.values && marked === first!.marked)
    if (equal.length > 1) desk.print(`${equal.length} 次导出内容相同，不能再区分 · ${equal.length} exports hold the same`)
    for (const each of suspects.slice(0, 10)) desk.print(suspectLine(each, rows.length, tenant.zone))
    return suspects.length > 0 ? 0 : 1
  },
}

/** Tabs as from a spreadsheet, else commas with quotes. */
const cellsOf = (line: string): string[] => (line.includes('\t') ? line.split('\t') : [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? ''))

const suspectLine = ({ no, name, member, at, ip, object, format, rows, found, values, marked }: Suspect, of: number, zone: string): string =>
  `  E${no}  ${name ?? `#${member}`}  ${at.toLocaleString('sv-SE', { timeZone: zone })}  ${ip ?? '—'}  ${object}.${format}（${rows} 行 · rows）  ${marked ? '水印一致 · its mark  ' : ''}${found}/${of} 行、${values} 个值相符 · ${found} rows, ${values} values match`
