import type { ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { Failure } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { CodeField } from './code-field.tsx'

export interface CodeState { setCode(code: string): void; error: unknown; busy: boolean; submit(): void }

/** The second factor on the way in. `children`: the ways out below it. */
export function CodeForm({ code, form, className, children }: { code: string; form: CodeState; className?: string; children?: ReactNode }) {
  return (
    <form className={className} onSubmit={(event) => { event.preventDefault(); if (code.trim()) form.submit() }}>
      <CodeField value={code} onText={form.setCode} />
      {form.error ? <Failure small error={form.error} /> : null}
      <Button type="submit" look="primary" busy={form.busy} disabled={!code.trim()}>{t('auth.signIn')}</Button>
      {children}
    </form>
  )
}
