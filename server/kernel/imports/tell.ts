import { tell } from '#kernel/delivery'
import type { Tx } from '#platform/db'
import type { Import } from './types.ts'

/** Whoever waited no longer than this has seen it end. */
const LONG_MS = 15_000

/** An import that took a while tells its importer that it is through. */
export async function tellDone(tx: Tx, { member, file, begunAt, facts: { lang }, created, updated, skipped, refused }: Import): Promise<void> {
  if (begunAt === null || tx.now.getTime() - begunAt.getTime() < LONG_MS) return
  const zh = lang === 'zh'
  const title = zh ? `导入完成：${file}` : `Imported: ${file}`
  const body = zh ? `新建 ${created} · 更新 ${updated} · 跳过 ${skipped} · 未导入 ${refused}` : `${created} created · ${updated} updated · ${skipped} skipped · ${refused} refused`
  await tell(tx, [{ member, kind: 'system', title, body, object: null, record: null, groupKey: null, event: null, rule: null }])
}
