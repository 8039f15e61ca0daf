import type { RecordShape } from '#contract/api'
import { addDays } from '#language/values'
import type { Catalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { zone } from '../../api/clock.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { refreshRecords } from '../records/acts.ts'
import { undoOf } from '../records/undo.ts'
import { valuesOf, weekOnce, type Rota } from './query.ts'
import { copiedTo, instantOn, type Stretch } from './week.ts'

/** The shifts that begin in this week, once more in the week after; true when something was copied. */
export async function copyWeek(rota: Rota, monday: string, stretches: readonly Stretch[]): Promise<boolean> {
  try {
    const next = addDays(monday, 7)
    const begun = stretches.filter(({ from }) => from >= instantOn(monday, '00:00', zone()) && from < instantOn(next, '00:00', zone()))
    const copies = copiedTo(begun, { days: 7, there: await weekOnce(rota, next), zone: zone() })
    const made: string[] = []
    for (const copy of copies) made.push((await call('createRecord', { params: { object: rota.key }, body: { values: valuesOf(rota, copy) } })).record.id)
    await refreshRecords(rota.key)
    if (made.length === 0) say(t('shifts.nothingToCopy'))
    else say(t('shifts.copied', { n: made.length }), () => call('bulk', { body: { object: rota.key, ids: made, delete: true } }).then(() => refreshRecords(rota.key)))
    return made.length > 0
  } catch (error) {
    sayTrouble(sentenceOf(error))
    await refreshRecords(rota.key)
    return false
  }
}

const nameOf = (catalogue: Catalogue, member: number | null): string => catalogue.member(member)?.name ?? t('shifts.nobody')

/** A new shift, or one as it is changed; throws the refusal. */
export async function saveShift(catalogue: Catalogue, rota: Rota, record: RecordShape | null, stretch: Omit<Stretch, 'id'>): Promise<void> {
  const values = valuesOf(rota, stretch)
  const saved = record ? await call('updateRecord', { params: { object: rota.key, id: record.id }, body: { version: record.version, values } }) : await call('createRecord', { params: { object: rota.key }, body: { values } })
  say(t('shifts.saved', { name: nameOf(catalogue, stretch.member) }), record ? undefined : () => call('bulk', { body: { object: rota.key, ids: [saved.record.id], delete: true } }).then(() => refreshRecords(rota.key)))
  await refreshRecords(rota.key)
}

export async function callOff(catalogue: Catalogue, rota: Rota, { id, member }: Pick<Stretch, 'id' | 'member'>): Promise<void> {
  try {
    const { undo } = await call('bulk', { body: { object: rota.key, ids: [id], delete: true } })
    say(t('shifts.removed', { name: nameOf(catalogue, member) }), undoOf(undo))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
  await refreshRecords(rota.key)
}
