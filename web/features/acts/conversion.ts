import { useMutation, useQuery } from '@tanstack/react-query'
import type { RecordShape, RouteAnswer, Routes } from '#contract/api'
import { useState } from 'react'
import { useCatalogue, type FieldShape, type ObjectFacts } from '../../api/catalogue.ts'
import { ApiError, call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { undoOf } from '../records/undo.ts'
import type { ConversionFacts } from './offered.ts'

type Proposal = RouteAnswer<Routes['proposeConversion']>
export type Target = Proposal['targets'][number]
export type Choice = { as: 'new' } | { as: 'join'; id: string } | { as: 'none' }
export interface Part { target: Target; object: ObjectFacts; choice: Choice; fields: readonly FieldShape[]; values: Record<string, unknown>; error: (field: string) => string | null; choose: (choice: Choice) => void; put: (field: string, value: unknown) => void }

export type Made = RouteAnswer<Routes['convert']>['made'][number]

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** What a conversion would make, what the person changed about it, and the one press that does it. */
export function useConversion(conversion: ConversionFacts, record: RecordShape, onDone: (made: readonly Made[]) => void) {
  const catalogue = useCatalogue()
  const [choices, setChoices] = useState<Record<string, Choice>>({})
  const [edits, setEdits] = useState<Record<string, Record<string, unknown>>>({})
  const [tried, setTried] = useState(false)
  const proposal = useQuery({ queryKey: [...keys.record(record.object, record.id), 'convert', conversion.key], queryFn: ({ signal }) => call('proposeConversion', { params: { object: record.object, id: record.id, conversion: conversion.key } }, { signal }), staleTime: Infinity, gcTime: 0 })
  const convert = useMutation({
    mutationFn: (parts: readonly Part[]) => call('convert', { body: { object: record.object, id: record.id, conversion: conversion.key, targets: parts.map(sentOf) } }),
    onSuccess: async ({ made, undo }) => {
      say(t('acts.converted', { what: made.map(({ object, title }) => `${label(catalogue.object(object)?.label)}${t('common.quote', { text: title })}`).join(t('common.listGap')) }), undoOf(undo))
      onDone(made)
      await Promise.all([['records'], ['record'], ['workbench']].map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
  })
  const refusedAt = convert.error instanceof ApiError ? convert.error.path : null
  const parts: Part[] = (proposal.data?.targets ?? []).flatMap((target) => {
    const object = catalogue.object(target.object)
    if (!object) return []
    const values = { ...target.values, ...edits[target.into] }
    const fields = fieldsOf(object, target)
    const choice = choices[target.into] ?? (target.can ? { as: 'new' as const } : { as: 'none' as const })
    return [{
      target, object, choice, fields, values,
      error: (field) => (refusedAt === `${target.into}.${field}` ? sentenceOf(convert.error) : tried && choice.as === 'new' && object.field.get(field)?.required && isBlank(values[field]) ? t('records.mustFill') : null),
      choose: (next) => setChoices((before) => ({ ...before, [target.into]: next })),
      put: (field, value) => setEdits((before) => ({ ...before, [target.into]: { ...before[target.into], [field]: value } })),
    }]
  })
  const isReady = parts.every(({ choice, fields, values }) => choice.as !== 'new' || fields.every((field) => !field.required || !isBlank(values[field.key])))
  const submit = () => { setTried(true); if (isReady) convert.mutate(parts) }
  const unplaced = convert.error && !parts.some(({ target, fields }) => fields.some(({ key }) => refusedAt === `${target.into}.${key}`)) ? convert.error : null
  return { proposal, parts, submit, busy: convert.isPending, error: unplaced, related: proposal.data?.related ?? {} }
}

/** What is asked for, what is carried over, and what must be there; links are made by themselves. */
function fieldsOf(object: ObjectFacts, { ask, values }: Target): FieldShape[] {
  const required = object.fields.filter((field) => field.required && field.write && !field.base && field.kind !== 'reference').map(({ key }) => key)
  return [...new Set([...ask, ...required, ...Object.keys(values)])].map((key) => object.field.get(key)).filter((field): field is FieldShape => field !== undefined)
}

function sentOf({ target: { into }, choice, values }: Part) {
  if (choice.as === 'join') return { into, as: 'join' as const, id: choice.id }
  return choice.as === 'none' ? { into, as: 'none' as const } : { into, as: 'new' as const, values: Object.fromEntries(Object.entries(values).filter(([, value]) => !isBlank(value))) }
}
