import { z } from 'zod'
import { Key } from '#language/definitions'
import { route } from '../route.ts'
import { Id, RecordId, RecordRef, RecordShape, Related } from '../shapes.ts'

const OneRecord = z.strictObject({ object: Key, id: RecordId })
const Text = z.string().min(1).max(5000)
const Said = z.object({ record: RecordShape, related: Related })
const Ids = z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(Id).min(1).max(20)) as unknown as z.ZodType<number[], string>
const Following = z.object({ following: z.boolean(), followers: z.number() })

export const comments = {
  recordReaders: route('recordReaders', { auth: 'member', summary: { zh: '这些成员中谁看得到这条记录', en: 'Which of these members can read the record' }, params: OneRecord, query: z.strictObject({ members: Ids }), response: z.object({ readers: z.array(z.number()) }) }),
  following: route('following', { auth: 'member', summary: { zh: '是否关注、几人关注', en: 'Whether it is followed, and by how many' }, params: OneRecord, response: Following }),
  follow: route('follow', { auth: 'member', summary: { zh: '关注、取消关注', en: 'Follow or unfollow' }, body: z.strictObject({ subject: RecordRef, on: z.boolean() }), response: Following }),
  comment: route('comment', { auth: 'member', status: 201, summary: { zh: '评论；@ 写作 @[姓名](成员号)', en: 'Comment; a mention is written @[name](member)' }, body: z.strictObject({ subject: RecordRef, text: Text, attachments: z.array(RecordId).max(20).optional() }), response: Said }),
  editComment: route('editComment', { auth: 'member', summary: { zh: '修改自己的评论（15 分钟内）', en: 'Change your own comment (within 15 minutes)' }, body: z.strictObject({ id: RecordId, text: Text }), response: Said }),
  withdrawComment: route('withdrawComment', { auth: 'member', summary: { zh: '撤回自己的评论', en: 'Withdraw your own comment' }, body: z.strictObject({ id: RecordId }), response: Said }),
}
