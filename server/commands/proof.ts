import { flawWords, type Proof, type Trust, verifyLog } from '#kernel/sealing'
import { trustedKeys } from '#platform/crypto'
import type { Tenant } from '#platform/db'
import { openAnchors } from '../start/anchors.ts'
import type { Command, Desk } from './types.ts'

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

function tell(desk: Desk, { key }: Tenant, { blocks, acts, changes, waiting, erased, records, head, findings }: Proof): void {
  desk.print(`${key}: ${blocks} 块、${acts} 次操作、${changes} 条变更已封存，${waiting} 次等待封存${erased ? `，${erased} 条已依法删除内容` : ''}；${records} 条记录已重放；${findings.length} 处异常 · ${blocks} blocks, ${acts} acts, ${changes} changes sealed, ${waiting} waiting, ${erased} erased; ${records} records replayed; ${findings.length} findings`)
  if (head) desk.print(`  块 ${head.number} · ${head.at} · ${head.hash}`)
  for (const each of findings.slice(0, 50)) { const { zh, en } = flawWords(each); desk.print(`  ✗ ${zh}\n    ${en}`) }
  if (findings.length > 50) desk.print(`  … ${findings.length - 50}`)
}
