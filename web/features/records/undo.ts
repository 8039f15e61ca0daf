import { call, queries } from '../../api/client.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'

type Kept = { title: string; fields: readonly string[]; message: string }

/** The way to take an act back, for whoever says that it was done; undefined when nothing was. */
export const undoOf = (...tokens: readonly (string | null | undefined)[]): (() => Promise<void>) | undefined => {
  const given = tokens.filter((token): token is string => typeof token === 'string')
  return given.length === 0 ? undefined : () => takeBack(given)
}

/** Newest first, as they must be taken back; what stays is named. */
async function takeBack(tokens: readonly string[]): Promise<void> {
  const kept: Kept[] = []
  let changed = 0
  try {
    for (const undo of tokens.toReversed()) { const answer = await call('undo', { body: { undo } }); changed += answer.changed; kept.push(...answer.kept) }
    if (changed > 0) say(t('records.undone', { n: changed }))
    if (kept.length > 0) sayTrouble(keptSentence(kept))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
  await Promise.all([['records'], ['record'], ['workbench']].map((queryKey) => queries.invalidateQueries({ queryKey })))
}

function keptSentence(kept: readonly Kept[]): string {
  const [first] = kept
  const what = [first!.title, first!.fields.join(t('common.listGap'))].filter(Boolean).join(' · ')
  return t(kept.length === 1 ? 'records.keptOne' : 'records.keptMany', { what, reason: first!.message, n: kept.length })
}
