import { memberRows, type Context } from '#kernel/access'
import { tell, type NoticeDraft } from '#kernel/delivery'
import { INSERT_RUNS } from './persist.ts'
import { programOf } from './program.ts'
import { NO_RECORD, type Event } from './types.ts'

/** An event that cannot be answered is out of the queue for good, visibly: a run that says so, with the reason where it is known, and a word to those who look after rules. */
export async function park(ctx: Context, event: Event, reason: string | null = null): Promise<void> {
  const { seq, object, record, attempts, timer } = event
  const run = { e: seq, r: '*', v: 0, s: 'parked', o: object, i: record, p: [], ...(reason !== null && { x: reason }), t: attempts, ...(timer && { n: { timer } }) }
  await ctx.tx.query(INSERT_RUNS(1, 2, 3), [JSON.stringify([timer?.kind === 'wait' ? { ...run, r: timer.name, s: 'failed', h: timer.run } : run]), ctx.tx.now, ctx.metadata.epoch])
  // What was tried again and is parked again stands open again; a run that cannot go on keeps its place.
  await ctx.tx.query(`update {t}.run set settled = null where event = $1 and rule = '*'`, [seq])
  if (timer?.kind === 'wait') await ctx.tx.query(`update {t}.wait set state = 'failed', go = null where run = $1 and rule = $2 and branch = $3`, [timer.run, timer.name, timer.branch ?? ''])
  await tell(ctx.tx, await alarms(ctx, event))
}

async function alarms({ tx, metadata }: Context, { seq, object, record, timer }: Event): Promise<NoticeDraft[]> {
  const { roles, objects } = metadata
  const keepers = new Set([...roles.values()].filter(({ rights }) => rights.includes('rules')).map(({ key }) => key))
  const members = [...(await memberRows(tx)).values()].filter((member) => member.active && member.roles.some((role) => keepers.has(role)))
  const rule = timer && programOf(metadata).rules.get(timer.name)?.rule.label.zh
  const title = `自动化规则处理失败：${rule === undefined ? `${objects.get(object)?.label.zh ?? object} 的变更 #${seq} 已停放` : `「${rule}」到时间没能执行，已停放`}`
  const about = record === NO_RECORD ? { object: null, record: null } : { object, record }
  return members.map(({ id }) => ({ member: id, kind: 'parked', title, body: null, ...about, groupKey: 'parked', event: seq, rule: '*' }))
}
