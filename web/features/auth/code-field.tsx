import { ApiError } from '../../api/client.ts'
import { Field, Input } from '../../design/field.tsx'
import { t } from '../../i18n/index.ts'

/** The password was right, and the second factor is asked for. */
export const asksSecond = (error: unknown): boolean => error instanceof ApiError && error.code === 'SECOND_FACTOR_REQUIRED'

/** Six digits of the app, or a recovery code. */
export function CodeField({ value, onText, recovery = true }: { value: string; onText: (text: string) => void; recovery?: boolean }) {
  return <Field label={t('auth.code')} help={recovery ? t('auth.codeHelp') : undefined}>{(control) => <Input {...control} autoFocus inputMode={recovery ? 'text' : 'numeric'} autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} maxLength={20} value={value} onText={onText} />}</Field>
}
