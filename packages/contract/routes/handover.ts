import { z } from 'zod'
import { Key } from '#language/definitions'
import { route } from '../route.ts'
import { Id } from '../shapes.ts'

const ById = z.strictObject({ id: Id })
const Order = z.strictObject({
  objects: z.array(z.discriminatedUnion('to', [
    z.strictObject({ object: Key, to: z.literal('member'), member: Id }),
    z.strictObject({ object: Key, to: z.literal('policy') }),
    z.strictObject({ object: Key, to: z.literal('pool') }),
  ])).max(100),
  collaborations: Id.nullable(), successor: Id.nullable(), suspend: z.boolean(),
})
const Counted = z.array(z.object({ object: z.string(), count: z.number() }))
const Given = z.array(z.object({ object: z.string(), member: z.number().nullable(), stays: z.boolean(), count: z.number() }))

export const handover = {
  holdings: route('holdings', { auth: 'right:members', summary: { zh: '一位成员名下的全部：记录、协作、下属、部门、密钥', en: 'Everything that hangs on a member: records, collaborations, people, teams, keys' }, params: ById,
    response: z.object({ objects: z.array(z.object({ object: z.string(), count: z.number(), ways: z.array(z.enum(['policy', 'pool'])) })), collaborations: z.number(), supervised: z.array(z.number()), headed: z.array(z.number()), keys: z.number(), sessions: z.number() }) }),
  planHandover: route('planHandover', { auth: 'right:members', unrecorded: true, summary: { zh: '交接预览：每位接收人得到多少', en: 'Who would receive how many' }, params: ById, body: Order, response: z.object({ given: Given }) }),
  handOver: route('handOver', { auth: 'right:members', summary: { zh: '工作交接：每个对象一次操作，可以撤销', en: 'Hand a member\'s work over: one act per object, can be undone' }, params: ById, body: Order,
    response: z.object({ id: z.number(), given: Given, collaborations: z.number(), supervised: z.number(), headed: z.number(), keys: z.number(), suspended: z.boolean() }) }),
  undoHandover: route('undoHandover', { auth: 'right:members', summary: { zh: '撤销交接或换部门，列出保持不变的', en: 'Take a handover or a change of teams back; lists what stays' }, params: ById,
    response: z.object({ changed: z.number(), kept: z.array(z.object({ object: z.string(), id: z.string(), title: z.string(), fields: z.array(z.string()), message: z.string() })), supervised: z.number(), headed: z.number(), activated: z.boolean(), returned: z.boolean(), keys: z.number() }) }),
  teamRecords: route('teamRecords', { auth: 'right:members', summary: { zh: '一位成员名下归属其主部门的记录数', en: 'How many of a member\'s records belong to their main team' }, params: ById, response: z.object({ objects: Counted }) }),
  moveMember: route('moveMember', { auth: 'right:members', summary: { zh: '换主部门：名下记录留在原部门或一起转到新部门，可以撤销', en: 'Change a member\'s main team; their records stay or go along; can be undone' }, params: ById,
    body: z.strictObject({ team: Id.nullable(), records: z.enum(['stay', 'follow']) }), response: z.object({ id: z.number(), moved: Counted }) }),
}
