import { sentenceOf } from '../../design/pieces.tsx'
import { sayTrouble } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import { openPrint, printAddress } from './open-print.ts'

/** To a colleague or a customer by whatever the phone has; where it cannot share files, the paper is opened. */
export async function sharePrint(record: { object: string; id: string }, template: { key: string; label: { zh: string; en: string } }): Promise<void> {
  try {
    if (!navigator.canShare) return openPrint(record, template.key)
    const response = await fetch(printAddress(record, template.key), { credentials: 'same-origin' })
    if (!response.ok) return sayTrouble(t('prints.failed'))
    const file = new File([await response.blob()], `${label(template.label)}.pdf`, { type: 'application/pdf' })
    if (!navigator.canShare({ files: [file] })) return openPrint(record, template.key)
    await navigator.share({ files: [file] })
  } catch (error) {
    if (!(error instanceof DOMException)) sayTrouble(sentenceOf(error))
  }
}
