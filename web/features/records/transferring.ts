import { useState } from 'react'
import type { Catalogue, ObjectFacts } from '../../api/catalogue.ts'
import { label, t } from '../../i18n/index.ts'
import type { Giving } from './acts.ts'

/** What hangs on records of this object and may go along: records with an owner of their own. */
export const followersOf = (catalogue: Catalogue, { key }: ObjectFacts): ObjectFacts[] =>
  catalogue.objects.filter((child) => child.key !== key && !child.immutable && !child.part && child.can.transfer && child.field.has('owner') && child.fields.some(({ kind, to, retired }) => kind === 'reference' && !retired && [to ?? []].flat().includes(key)))

/** To whom, why, and with what: what a transfer asks for. Without somebody to give to it says so. */
export function useTransferring(catalogue: Catalogue, object: ObjectFacts, onGive: (giving: Giving) => void) {
  const [owner, setOwner] = useState<number | null>(null)
  const [reason, setReason] = useState('')
  const [children, setChildren] = useState(false)
  const [tried, setTried] = useState(false)
  const followers = followersOf(catalogue, object)
  const submit = () => { setTried(true); if (owner !== null) onGive({ owner, ...(reason.trim() ? { reason: reason.trim() } : {}), ...(children ? { children } : {}) }) }
  const along = followers.length === 0 ? null : t('records.transferAlong', { what: followers.map((each) => label(each.label)).join(t('common.listGap')) })
  return { owner, setOwner, reason, setReason, children, setChildren, along, submit, missing: tried && owner === null ? t('records.mustFill') : null }
}
