import { ERRORS } from '#contract'
import { memberContext, type Context } from '#kernel/access'
import { type KeptRecord, undoActs } from '#kernel/records'
import type { Import } from './types.ts'

/** Takes back what the last batch that stands has done, field by field where nobody has changed it since. Answers whether there was one. */
export async function undoBatch(tx: Context['tx'], { id, acts, undone, undoneBy, facts }: Import): Promise<boolean> {
  const act = acts.at(-1 - undone)
  if (act === undefined) return false
  const ctx = await memberContext(tx, undoneBy!, facts)
  const { changed, kept } = await undoActs(ctx, [act])
  const left = [...new Map(kept.map((each) => [each.id, noteOf(ctx, each)]))]
  await tx.query(`update {t}.import_row r set kept = x.k from json_to_recordset($2) as x(id uuid, k jsonb) where r.import = $1 and r.record = x.id`, [id, JSON.stringify(left.map(([record, kept]) => ({ id: record, k: kept })))], { name: 'note kept' })
  await tx.query('update {t}.import set undone = undone + 1, reverted = reverted + $2, kept = kept + $3 where id = $1', [id, changed, left.length], { name: 'undo progress' })
  return true
}

const WHY = {
  changed: { zh: '导入后又被改过，保留现在的内容', en: 'changed since; left as it is' },
  rights: { zh: '你没有权限改回', en: 'not yours to take back' },
  immutable: { zh: '这类记录不能撤回', en: 'records of this kind are not taken back' },
} as const

function noteOf({ metadata, request }: Context, { object, fields, why, refusal }: KeptRecord): { fields: string[]; text: string } {
  const lang = request?.lang ?? 'zh'
  const labels = fields.flatMap((key) => metadata.objects.get(object)?.field.get(key)?.label[lang] ?? [])
  return { fields: labels, text: why === 'refused' ? (refusal ? ERRORS[refusal.code][lang].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(refusal.params?.[name] ?? '')) : '') : WHY[why][lang] }
}
