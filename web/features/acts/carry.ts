import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { inChunks, type Whole } from '../records/in-chunks.ts'
import { undoOf } from '../records/undo.ts'
import type { ActFacts } from './offered.ts'

/** One act on some records: what it asks for, and the press that does it. */
export function useCarrying(act: ActFacts, ids: readonly string[], onDone: (whole: Whole) => void) {
  const catalogue = useCatalogue()
  const [reason, setReason] = useState('')
  const [choice, setChoice] = useState<string | null>(null)
  const [tried, setTried] = useState(false)
  const asked = act.ask ? catalogue.object(act.object)?.field.get(act.ask) : undefined
  const options = catalogue.options(asked?.dictionary).filter((option) => !option.off)
  const carry = useMutation({
    mutationFn: () => inChunks(ids, (some) => call('carryOut', { body: { act: act.key, ids: some, ...(reason.trim() ? { reason: reason.trim() } : {}), ...(choice ? { choice } : {}) } })),
    onSuccess: async (whole) => {
      const { changed, refused, undos } = whole
      if (refused.length > 0 && ids.length === 1) sayTrouble(t('records.someRefused', { n: refused.length, reason: refused[0]!.message }))
      if (changed > 0 && (refused.length === 0 || ids.length === 1)) say(t('acts.carried', { act: label(act.label), n: changed }), undoOf(...undos))
      onDone(whole)
      await Promise.all([['records'], ['record'], ['workbench']].map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
  })
  const missing = { reason: act.reason === 'required' && !reason.trim(), choice: act.ask !== undefined && !choice }
  const submit = () => { setTried(true); if (!missing.reason && !missing.choice) carry.mutate() }
  const must = (is: boolean) => (tried && is ? t('records.mustFill') : null)
  return { asked, options, reason, setReason, choice, setChoice, submit, busy: carry.isPending, error: carry.error, reasonError: must(missing.reason), choiceError: must(missing.choice), asks: act.reason !== 'none' || act.ask !== undefined }
}
