import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { call } from '../../api/client.ts'
import { fieldsHand, handOf } from './hand.ts'
import { useLeaving } from './use-draft.ts'

export type Vals = Record<string, unknown>
export interface KeptForm { vals: Vals; rows?: Record<string, Vals[]>; version?: string | null }
interface Of { object: string; about?: string | undefined }

const same = (a: KeptForm | null, b: KeptForm | null): boolean => JSON.stringify([a?.vals ?? {}, a?.rows ?? {}]) === JSON.stringify([b?.vals ?? {}, b?.rows ?? {}])

/** The form of a new record that is not saved yet, the same on every device. `kept`: undefined until it is known, null for none; `write` with nothing in it gives it up. */
function useForm({ object, about }: Of): { kept: KeptForm | null | undefined; write: (now: KeptForm) => void; flush: () => void; sending: () => Promise<void>; failed: () => void } {
  const of = about ? { about } : {}
  const { data, isError } = useQuery({ queryKey: ['form', object, '', about ?? ''], queryFn: ({ signal }) => call('formDraft', { params: { object }, query: of }, { signal }), staleTime: Infinity, gcTime: 0, retry: false })
  const [hand] = useState(() => handOf<KeptForm>((now) => call('keepFormDraft', { params: { object }, body: { ...of, ...now } }), same))
  useEffect(() => { if (data) hand.knows(data.draft) }, [hand, data])
  useLeaving(hand)
  return { kept: isError ? null : data?.draft, ...hand }
}

/** The record that a new one is made for. */
export const aboutIn = (preset: Vals): string | undefined => Object.values(preset).map((value) => String((value as { id?: unknown } | null)?.id ?? value)).find((value) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value))

interface Form { vals: Vals; rows: Record<string, { key: string; values: Vals }[]> }
/** What of a new record's form is worth keeping: what differs from how it began, and rows in which something stands. */
export function typedIn({ vals, rows }: Form, first: Vals): KeptForm {
  const lines = Object.entries(rows).map(([object, some]) => [object, some.map(({ values }) => filled(values)).filter((each) => Object.keys(each).length > 0)] as const).filter(([, some]) => some.length > 0)
  return { vals: Object.fromEntries(Object.entries(vals).filter(([key, value]) => JSON.stringify(value ?? null) !== JSON.stringify(first[key] ?? null))), rows: Object.fromEntries(lines) }
}
const filled = (values: Vals): Vals => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ''))

/** A new record's form that is kept as it is typed and comes back as it was; `restored`: it came back. */
export function useNewForm(object: string, preset: Vals, first: () => Vals) {
  const about = aboutIn(preset)
  const form = useForm({ object, about })
  const [begun] = useState(first)
  const [now, setNow] = useState<Form>({ vals: begun, rows: {} })
  const [state, setState] = useState<'waiting' | 'typed' | 'restored'>('waiting')
  if (state === 'waiting' && form.kept) {
    setState('restored')
    setNow({ vals: { ...begun, ...form.kept.vals, ...preset }, rows: Object.fromEntries(Object.entries(form.kept.rows ?? {}).map(([key, some]) => [key, some.map((values, i) => ({ key: `kept${i}`, values }))])) })
  }
  const put = (next: Partial<Form>): void => { const whole = { ...now, ...next }; setNow(whole); if (state === 'waiting') setState('typed'); form.write(typedIn(whole, begun)) }
  return {
    ...now, restored: state === 'restored',
    setValue: (key: string, value: unknown) => put({ vals: { ...now.vals, [key]: value } }),
    setRows: (key: string, rows: { key: string; values: Vals }[]) => put({ rows: { ...now.rows, [key]: rows } }),
    giveUp: () => { setNow({ vals: begun, rows: {} }); setState('typed'); form.write({ vals: {} }); form.flush() },
    /** What goes along when it is saved. */
    sent: async () => { await form.sending(); return { drafted: true as const, ...(about ? { about } : {}) } },
    /** It was not saved: it is kept again. */
    failed: () => { form.failed(); form.write(typedIn(now, begun)) },
  }
}

/** What is typed into fields of a record and not saved, by field, the same on every device. */
export function useEdits(object: string, id: string, off: boolean) {
  const { data } = useQuery({ queryKey: ['form', object, id, ''], queryFn: ({ signal }) => call('formDraft', { params: { object }, query: { id } }, { signal }), enabled: !off, staleTime: Infinity, gcTime: 0, retry: false })
  const [hand] = useState(() => fieldsHand((change) => call('keepFormDraft', { params: { object }, body: { id, ...change } })))
  useEffect(() => { if (data) hand.knows(data.draft) }, [hand, data])
  useLeaving(hand)
  const now = useSyncExternalStore(hand.subscribe, hand.now)
  return {
    ...now, put: hand.put, sending: hand.sending, failed: hand.failed,
    /** Saved, or given up: nothing of it is kept. */
    done: (key: string, saved: boolean) => (saved ? hand.saved(key) : hand.drop(key)),
  }
}
export type Edits = ReturnType<typeof useEdits>
