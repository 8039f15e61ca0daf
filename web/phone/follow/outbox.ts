import type { Me } from '#contract/api'
import { ApiError, call, isAway, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { meQuery } from '../../api/session.ts'
import { clockTime } from '../../design/format.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import type { Subject } from '../../features/followup/ask-subject.tsx'
import { undoOf } from '../../features/records/undo.ts'
import { p } from '../words/index.ts'
import { dropDraft, keepDraft } from './drafts.ts'
import { keepLetters, lettersNow, type Letter } from './letters.ts'
import { openFollowUp } from './state.ts'

const told = new Set<string>()
let sending = false
const done = (letter: Letter): void => keepLetters(lettersNow().filter(({ key }) => key !== letter.key))

export function post(subject: Subject, draft: Letter['draft']): void {
  const me = queries.getQueryData<Me>(meQuery.queryKey)
  if (!me) return
  keepDraft(subject, draft)
  keepLetters([...lettersNow(), { key: crypto.randomUUID(), member: me.id, subject, draft }])
  settleAtHome(subject)
  void flush()
}

/** The row leaves the day's list at once; the server's own list follows. */
function settleAtHome(subject: Subject): void {
  queries.setQueryData(keys.workbench, (before: { blocks: { key: string; rows: { id: string }[] }[] } | undefined) => before && { ...before, blocks: before.blocks.map((block) => (block.key === 'today' ? { ...block, rows: block.rows.filter(({ id }) => id !== subject.id) } : block)) })
}

export async function flush(): Promise<void> {
  const me = queries.getQueryData<Me>(meQuery.queryKey)
  if (sending || !me) return
  sending = true
  try {
    for (const letter of lettersNow().filter(({ member }) => member === me.id)) if (!(await deliver(letter))) break
  } finally {
    sending = false
  }
}

/** False while the server cannot be reached. */
async function deliver(letter: Letter): Promise<boolean> {
  const { subject, draft } = letter
  try {
    const { undo } = await call('followUp', { body: bodyOf(letter) }, { idempotencyKey: letter.key })
    done(letter)
    dropDraft(subject)
    say(p('saved', { name: subject.title, when: clockTime(draft.nextAt).slice(5) }), undoOf(undo))
  } catch (error) {
    if (isAway(error) || (error instanceof ApiError && error.status === 401)) { if (!told.has(letter.key)) { told.add(letter.key); say(p('queued')) } return false }
    done(letter)
    openFollowUp({ subject, problem: { message: p('refusedTitle'), remedy: sentenceOf(error) } })
  }
  refresh(subject)
  return true
}
const bodyOf = ({ subject, draft }: Letter) => ({
  subject: { object: subject.object, id: subject.id }, result: draft.result, nextAt: draft.nextAt, resource: draft.resource,
  ...(draft.note.trim() ? { note: draft.note.trim() } : {}), ...(draft.method ? { method: draft.method } : {}),
})

function refresh(subject: Subject): void {
  for (const queryKey of [keys.workbench, keys.record(subject.object, subject.id), ['records']] as const) void queries.invalidateQueries({ queryKey })
}
