import { Button } from '../../design/button.tsx'
import { Failure } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import { useSetOut } from './use-through.ts'

/** One button for each way in with the company's account. */
export function ByCompany({ providers, to, className }: { providers: readonly { key: string; name: string }[]; to: unknown; className?: string | undefined }) {
  const { go, going, error } = useSetOut(to)
  if (providers.length === 0) return null
  return (
    <div className={className}>
      {providers.map(({ key, name }) => <Button key={key} icon="lock" busy={going === key} onClick={() => go(key)}>{providers.length === 1 ? t('auth.byCompany') : t('auth.byCompanyNamed', { name })}</Button>)}
      {error && <Failure small error={error} />}
    </div>
  )
}
