import type { RecordShape } from '#contract/api'
import type { Catalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { undoOf } from './undo.ts'

/** Enough of a record to act on it and to take the act back. */
export interface Target { id: string; title: string; owner?: number | null }
type Outcome = { changed: number; refused: readonly { message: string }[]; undo: string | null; held?: { n: number; told: readonly string[] } | undefined }

export const targetOf = (record: RecordShape): Target => ({ id: record.id, title: record.title, owner: (record.values['owner'] as number | null | undefined) ?? null })

let ownActAt = 0
/** Our own act makes the stream speak too; that is no news. */
export const isOwnEcho = (): boolean => Date.now() - ownActAt < 3000

export async function refreshRecords(object: string): Promise<void> {
  ownActAt = Date.now()
  await Promise.all([queries.invalidateQueries({ queryKey: keys.object(object) }), queries.invalidateQueries({ queryKey: ['record', object] }), queries.invalidateQueries({ queryKey: keys.workbench })])
}

/** Carries an act out, says what happened, and how to take it back; a refusal is said as it came. */
async function perform(object: string, work: () => Promise<Outcome>, done: (n: number) => string): Promise<boolean> {
  try {
    const outcome = await work()
    if (outcome.refused.length > 0) sayTrouble(t('records.someRefused', { n: outcome.refused.length, reason: outcome.refused[0]!.message }))
    if (outcome.changed > 0) say(done(outcome.changed), undoOf(outcome.undo))
    if (outcome.held) sayTrouble(t(outcome.held.told.length > 0 ? 'trash.held' : 'trash.heldNobody', { n: outcome.held.n, names: outcome.held.told.join(t('common.listGap')) }))
    else if (outcome.changed === 0 && outcome.refused.length === 0) say(t('records.nothingChanged'))
    await refreshRecords(object)
    return outcome.refused.length === 0
  } catch (error) {
    sayTrouble(sentenceOf(error))
    return false
  }
}

/** 「周海」 or 「12 条」. */
const many = (targets: readonly Target[]): string => (targets.length === 1 ? t('common.quote', { text: targets[0]!.title }) : t('common.rows', { n: targets.length }))
const ids = (targets: readonly Target[]): string[] => targets.map(({ id }) => id)

/** To whom, why, and whether what hangs on it goes along. */
export interface Giving { owner: number; reason?: string; children?: boolean }

export const transfer = (catalogue: Catalogue, object: string, targets: readonly Target[], giving: Giving) =>
  perform(object, () => call('transfer', { body: { object, ids: ids(targets), ...giving } }), (n) => t(n > targets.length ? 'records.transferredAlong' : 'records.transferred', { what: many(targets), name: catalogue.member(giving.owner)?.name ?? '', n: n - targets.length }))

/** To whom the policy chooses now. */
export const assignByPolicy = (object: string, targets: readonly Target[]) =>
  perform(object, () => call('assignByPolicy', { body: { object, ids: ids(targets) } }), (n) => t('records.assignedByPolicy', { n }))

export type Access = 'read' | 'write' | 'none'

/** Who works along, and how. */
export function share(catalogue: Catalogue, object: string, record: RecordShape, member: number, access: Access): Promise<boolean> {
  const put = (to: Access) => call('share', { body: { object, ids: [record.id], members: [{ member, access: to }] } })
  const name = catalogue.member(member)?.name ?? ''
  return perform(object, () => put(access), () => t(access === 'none' ? 'records.unshared' : access === 'write' ? 'records.sharedWrite' : 'records.sharedRead', { name }))
}

export const tagMany = (object: string, records: readonly RecordShape[], add: readonly string[], remove: readonly string[]) =>
  perform(object, () => call('tag', { body: { object, ids: records.map(({ id }) => id), ...(add.length ? { add: [...add] } : {}), ...(remove.length ? { remove: [...remove] } : {}) } }), (n) => t('records.tagged', { n }))

export const removeMany = (object: string, targets: readonly Target[]) =>
  perform(object, () => call('bulk', { body: { object, ids: ids(targets), delete: true } }), () => t('records.deleted', { what: many(targets) }))

/** Back from the trash; taken back, they are deleted again. */
export const bringBack = (object: string, targets: readonly Target[]) =>
  perform(object, () => call('restore', { body: { object, ids: ids(targets) } }), () => t('trash.restored', { what: many(targets) }))
