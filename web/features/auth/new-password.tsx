import { useState, type ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { doorCss as css } from './door.tsx'

export const SHORTEST = 10

/** A new password, long rather than clever; shown on request so that it can be read instead of typed twice. */
export function NewPassword({ act, busy, error, onSubmit, before }: { act: string; busy: boolean; error: unknown; onSubmit: (password: string) => void; before?: ReactNode }) {
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const short = [...password].length < SHORTEST
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); setTried(true); if (!short) onSubmit(password) }}>
      {before}
      <PasswordField value={password} onText={setPassword} error={tried && short ? t('auth.tooShort', { n: SHORTEST }) : null} />
      {error ? <Failure small error={error} /> : null}
      <Button type="submit" look="primary" busy={busy}>{act}</Button>
    </form>
  )
}

export function PasswordField({ value, onText, error, label = t('auth.newPassword') }: { value: string; onText: (text: string) => void; error: string | null; label?: string }) {
  const [shown, setShown] = useState(false)
  return (
    <Field label={label} error={error} help={t('auth.passwordHelp', { n: SHORTEST })}>
      {(control) => <Input {...control} type={shown ? 'text' : 'password'} autoComplete="new-password" maxLength={128} value={value} onText={onText} after={<button type="button" className="link dense" onClick={() => setShown(!shown)}>{t(shown ? 'auth.hide' : 'auth.show')}</button>} />}
    </Field>
  )
}
