import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { useMe } from '../../api/session.ts'
import { tenantPrefix } from '../../app/paths.ts'
import { Qr } from '../../design/qr.tsx'
import { t } from '../../i18n/index.ts'
import { publicUrl } from './links.ts'

const isLocal = (): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)

/** The hosted form for a phone's camera. This machine's own name means nothing to a phone: then the network's, or how to get one. */
export function FormCode({ formKey }: { formKey: string }) {
  const address = usePhoneAddress(formKey)
  return address ? <Qr text={address} label={t('forms.code', { address })} /> : <p className="hint">{t('forms.codeLocal')}<code>npm start -- --lan</code></p>
}

export function usePhoneAddress(formKey: string): string | null {
  const { demo } = useMe().tenant
  const { data } = useQuery({ queryKey: ['demo-cards'], queryFn: () => call('demoCards', {}), enabled: demo && isLocal(), retry: false, staleTime: Infinity })
  if (!isLocal()) return publicUrl(formKey)
  return data?.lan ? `${data.lan}${tenantPrefix()}/f/${formKey}` : null
}
