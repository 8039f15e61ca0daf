import { z } from 'zod'
import { Key, Label } from '#language/definitions'
import { route } from '../route.ts'
import { AnyValues, Outcome, RecordId, RecordShape, Related, Undoable } from '../shapes.ts'

const OneRecord = z.strictObject({ object: Key, id: RecordId })
const Ids = z.array(RecordId).min(1).max(1000)

export const acts = {
  offeredActs: route('offeredActs', { auth: 'member', summary: { zh: '这条记录现在能做哪些操作', en: 'What may be done with this record now' }, params: OneRecord,
    /** `rules`: whose button may be pressed. */
    response: z.object({ acts: z.array(z.string()), conversions: z.array(z.string()), rules: z.array(z.string()) }) }),
  pressRule: route('pressRule', { auth: 'member', summary: { zh: '点一条规则的按钮：对这些记录执行', en: 'Press the button of a rule: it answers for these records' }, body: z.strictObject({ rule: Key, ids: z.array(RecordId).min(1).max(200) }), response: z.object({ pressed: z.number(), refused: z.number() }) }),
  carryOut: route('carryOut', { auth: 'member', summary: { zh: '对记录做一项操作：退回、标记等', en: 'Carry out a record act: release, mark, …' },
    body: z.strictObject({ act: Key, ids: Ids, reason: z.string().max(500).optional(), choice: z.string().max(64).optional() }), response: Outcome }),
  requestUnlock: route('requestUnlock', { auth: 'member', summary: { zh: '申请解锁：通知能解锁的人', en: 'Ask for a record to be unlocked' }, body: z.strictObject({ object: Key, id: RecordId, reason: z.string().min(1).max(500) }),
    response: z.object({ told: z.array(z.string()) }) }),
  proposeConversion: route('proposeConversion', { auth: 'member', summary: { zh: '转换预览：会新建什么、有没有重复', en: 'What a conversion would make, and what may be there already' }, params: z.strictObject({ object: Key, id: RecordId, conversion: Key }),
    response: z.object({
      conversion: z.object({ key: z.string(), label: Label, lock: z.boolean() }), source: RecordShape,
      targets: z.array(z.object({ into: z.string(), object: z.string(), optional: z.boolean(), can: z.boolean(), values: AnyValues, ask: z.array(z.string()), twins: z.array(z.object({ record: RecordShape, same: z.array(z.string()) })), rows: z.array(z.object({ object: z.string(), count: z.number() })) })),
      related: Related }) }),
  convert: route('convert', { auth: 'member', status: 201, summary: { zh: '转换：一步建好，原记录锁定并关联', en: 'Convert: everything is made in one act, the source is linked and locked' },
    body: z.strictObject({ object: Key, id: RecordId, conversion: Key, targets: z.array(z.discriminatedUnion('as', [
      z.strictObject({ into: Key, as: z.literal('new'), values: AnyValues }),
      z.strictObject({ into: Key, as: z.literal('join'), id: RecordId }),
      z.strictObject({ into: Key, as: z.literal('none') }),
    ])).min(1).max(6) }),
    response: z.object({ made: z.array(z.object({ into: z.string(), object: z.string(), id: z.string(), title: z.string() })), ...Undoable }) }),
}
