import { useState, type ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { Field, Input } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { doorCss as css } from './door.tsx'

const SHORTEST = 10

/** Long rather than clever; shown on request so that it can be read instead of typed twice. */
export function NewPassword({ act, busy, error, onSubmit, before }: { act: string; busy: boolean; error: unknown; onSubmit: (password: string) => void; before?: ReactNode }) {
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [tried, setTried] = useState(false)
  const short = [...password].length < SHORTEST
  const eye = <button type="button" className={css.link} onClick={() => setShown(!shown)}>{t(shown ? 'auth.hide' : 'auth.show')}</button>
  return (
    <form className={css.form} onSubmit={(event) => { event.preventDefault(); setTried(true); if (!short) onSubmit(password) }}>
      {before}
      <Field label={t('auth.newPassword')} error={tried && short ? t('auth.tooShort', { n: SHORTEST }) : null} help={t('auth.passwordHelp', { n: SHORTEST })}>{(control) => <Input {...control} type={shown ? 'text' : 'password'} autoComplete="new-password" maxLength={128} value={password} onText={setPassword} after={eye} />}</Field>
      {error ? <Failure small error={error} /> : null}
      <Button type="submit" look="primary" busy={busy}>{act}</Button>
    </form>
  )
}
