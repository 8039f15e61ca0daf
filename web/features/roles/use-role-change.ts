import type { Role } from '#language/definitions'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { putDefinition, type Definition } from '../../api/definitions.ts'
import { sentenceOf } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'

export interface Widening { role: Role; holders: number; widens: { zh: string; en: string }[]; narrows: { zh: string; en: string }[] }

/** A change is in force at once; what gives somebody more is said first and asked for. */
export function useRoleChange(stored: Definition<'role'>) {
  const [draft, setDraft] = useState<Role | null>(null)
  const [asking, setAsking] = useState<Widening | null>(null)
  const [busy, setBusy] = useState(false)
  const attempt = async (work: () => Promise<boolean>) => {
    setBusy(true)
    try {
      if (await work()) setDraft(null)
    } catch (error) {
      setDraft(null)
      sayTrouble(sentenceOf(error))
    } finally {
      setBusy(false)
    }
  }
  const save = async (role: Role) => {
    const made = await putDefinition('role', { key: stored.key, body: role, expectVersion: stored.version })
    say(t('roles.saved', { name: label(role.label) }), () => putDefinition('role', { key: stored.key, body: stored.body, expectVersion: made.version }))
    return true
  }
  const change = (role: Role) => {
    if (busy) return
    setDraft(role)
    void attempt(async () => {
      const effect = await call('previewRole', { body: { role: role as unknown as Record<string, unknown> } })
      if (effect.widens.length === 0) return save(role)
      setAsking({ role, ...effect })
      return false
    })
  }
  const answer = (yes: boolean) => {
    const widening = asking
    setAsking(null)
    if (yes && widening) void attempt(() => save(widening.role))
    else setDraft(null)
  }
  return { role: draft ?? stored.body, change, asking, answer, busy }
}
