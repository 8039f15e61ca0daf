import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { RecordShape } from '#contract/api'
import type { FieldShape, ObjectFacts } from '../../api/catalogue.ts'
import { ApiError, call, queries } from '../../api/client.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { t } from '../../i18n/index.ts'

/** Whoever may not change this record may say what should stand in it. */
export const suggestsChanges = (object: ObjectFacts, { can }: Pick<RecordShape, 'can'>): boolean => object.can.suggest === true && !can.edit && !object.immutable

/** Other values for a record, kept until somebody takes them: only what differs is sent. */
export function useSuggest(object: ObjectFacts, record: RecordShape, onDone: () => void) {
  const [values, setValues] = useState<Record<string, unknown>>({})
  const fields = object.fields.filter((field) => field.suggest && !field.retired && record.held?.[field.key] === undefined)
  const changed = Object.fromEntries(Object.entries(values).filter(([key, value]) => JSON.stringify(value ?? null) !== JSON.stringify(record.values[key] ?? null)))
  const send = useMutation({
    mutationFn: () => call('suggest', { body: { object: object.key, record: record.id, values: changed } }),
    onSuccess: () => { say(t('suggestions.sent')); void queries.invalidateQueries({ queryKey: ['suggestions'] }); onDone() },
  })
  const refusedAt = send.error instanceof ApiError && send.error.path ? send.error.path.replace(/^values\./, '') : null
  return {
    fields, count: Object.keys(changed).length, busy: send.isPending, submit: () => send.mutate(),
    error: send.error && !fields.some(({ key }) => key === refusedAt) ? send.error : null,
    valueOf: ({ key }: FieldShape) => (key in values ? values[key] : record.values[key]) ?? null,
    put: ({ key }: FieldShape, value: unknown) => setValues((before) => ({ ...before, [key]: value })),
    problem: ({ key }: FieldShape) => (refusedAt === key ? sentenceOf(send.error) : null),
    differs: ({ key }: FieldShape) => key in changed,
  }
}
