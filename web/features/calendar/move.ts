import type { RecordShape } from '#contract/api'
import { call } from '../../api/client.ts'
import { clockTime } from '../../design/format.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'
import { refreshRecords } from '../records/acts.ts'
import type { EventObject } from './events.ts'

/** Moves or stretches an event at once; it can be taken back for eight seconds. */
export async function moveEvent(object: EventObject, record: RecordShape, span: { from: number; to: number }): Promise<void> {
  const { starts, ends } = object.event
  const put = (version: string, values: Record<string, unknown>) => call('updateRecord', { params: { object: object.key, id: record.id }, body: { version, values } })
  const before = { [starts]: record.values[starts], [ends]: record.values[ends] }
  try {
    const { record: moved } = await put(record.version, { [starts]: new Date(span.from).toISOString(), [ends]: new Date(span.to).toISOString() })
    say(t('calendar.moved', { name: record.title, at: clockTime(new Date(span.from).toISOString()) }), () => put(moved.version, before).then(() => refreshRecords(object.key), (error: unknown) => sayTrouble(sentenceOf(error))))
  } catch (error) {
    sayTrouble(sentenceOf(error))
  }
  await refreshRecords(object.key)
}
