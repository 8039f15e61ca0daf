import { refused } from '#contract'
import { contextOf, KERNEL, memberRows, type Context } from '#kernel/access'
import { dropDraft } from '#kernel/drafts'
import { follow, followingOf, readersOf, type Subject } from '#kernel/following'
import type { ObjectMetadata } from '#kernel/metadata'
import { getRecord, writeOrRefuse, type RecordView } from '#kernel/records'
import { mentionsIn } from '#language/values'
import { shown, written } from './records.ts'
import type { Some } from './types.ts'

const EDITABLE_MINUTES = 15
const WITHDRAWN = '（评论已撤回）'

export const comments: Some<'comment' | 'editComment' | 'withdrawComment' | 'recordReaders' | 'follow' | 'following'> = {
  comment: async (ctx, { body: { subject, text, attachments } }) => {
    const [object, of] = [commentObject(ctx), { object: subject.object, id: subject.id.toLowerCase() }]
    await checkMentions(ctx, of, mentionsIn(text))
    const values = { [object.comment!.subject]: of, [object.comment!.text]: text, ...(attachments && { attachments }) }
    const [made] = await written(ctx, [{ op: 'create', object: object.key, values }])
    await dropDraft(ctx, { id: of.id, kind: 'comment' })
    return shown(ctx, object.key, made!.id)
  },
  editComment: async (ctx, { body: { id, text } }) => {
    const { object, record } = await ownComment(ctx, id.toLowerCase())
    if (ctx.now.getTime() - Date.parse(String(record.values['created_at'])) > EDITABLE_MINUTES * 60_000) refused('COMMENT_TOO_OLD', undefined, { minutes: EDITABLE_MINUTES })
    const known = new Set(mentionsIn(String(record.values[object.comment!.text])))
    await checkMentions(ctx, record.values[object.comment!.subject] as Subject, mentionsIn(text).filter((member) => !known.has(member)))
    return rewritten(ctx, object, record.id, { [object.comment!.text]: text })
  },
  /** What it said stays in its history. */
  withdrawComment: async (ctx, { body: { id } }) => {
    const { object, record } = await ownComment(ctx, id.toLowerCase())
    return rewritten(ctx, object, record.id, { [object.comment!.text]: WITHDRAWN, [object.comment!.withdrawn]: true, attachments: null })
  },
  recordReaders: async (ctx, { params: { object, id }, query: { members } }) => ({ readers: await readersOf(ctx, { object, id: id.toLowerCase() }, [...new Set(members)]) }),
  follow: (ctx, { body: { subject, on } }) => follow(ctx, { object: subject.object, id: subject.id.toLowerCase() }, on),
  following: (ctx, { params: { object, id } }) => followingOf(ctx, { object, id: id.toLowerCase() }),
}

/** A solution says which of its objects is the comment. */
const commentObject = ({ metadata }: Context): ObjectMetadata => [...metadata.objects.values()].find(({ comment }) => comment) ?? refused('NOT_FOUND')

/** Refused MENTION_UNREADABLE with the names: a mention that cannot arrive is not made silently. */
async function checkMentions(ctx: Context, subject: Subject, mentioned: readonly number[]): Promise<void> {
  if (mentioned.length > 20) refused('REQUEST_INVALID', 'text', { reason: '≤ 20 @' })
  const readers = new Set(await readersOf(ctx, subject, mentioned))
  const people = await memberRows(ctx.tx)
  const names = mentioned.filter((member) => !readers.has(member)).map((member) => people.get(member)?.name ?? `#${member}`)
  if (names.length > 0) refused('MENTION_UNREADABLE', 'text', { names: names.join('、'), namesEn: names.join(', ') })
}

/** Refused NOT_FOUND, COMMENT_NOT_YOURS. One that was withdrawn stays so. */
async function ownComment(ctx: Context, id: string): Promise<{ object: ObjectMetadata; record: RecordView }> {
  const object = commentObject(ctx)
  const record = await getRecord(ctx, object.key, id)
  if (record.values['created_by'] !== (ctx.principal.kind === 'member' ? ctx.principal.member.id : null)) refused('COMMENT_NOT_YOURS')
  return record.values[object.comment!.withdrawn] === true ? refused('NOT_FOUND') : { object, record }
}

/** Roles grant no editing of comments: this command is the only way, in the member's own name. */
async function rewritten(ctx: Context, object: ObjectMetadata, id: string, values: Record<string, unknown>) {
  const { tx, actor, cause, request } = ctx
  await writeOrRefuse(await contextOf(tx, { principal: KERNEL, actor, cause, request }), [{ op: 'update', object: object.key, id, values }])
  return shown(ctx, object.key, id)
}
