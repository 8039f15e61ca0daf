import { formatPhone } from '#language/values'
import { Icon } from '../../design/icons.tsx'
import button from '../../design/button.module.css'
import type { Subject } from '../../features/followup/ask-subject.tsx'
import { t } from '../../i18n/index.ts'
import { dialled } from './calling.ts'

/** A masked number cannot be dialled. */
export const canDial = (phone: string): boolean => /^\+?\d[\d -]{2,}$/.test(phone)

/** Opens the dialler; coming back, the follow-up is asked for by itself. */
export const CallLink = ({ subject, phone }: { subject: Subject; phone: string }) => canDial(phone) ? (
  <a className={button.button} href={`tel:${phone.replace(/[ -]/g, '')}`} aria-label={`${t('followup.callNamed', { name: subject.title })} ${formatPhone(phone)}`} onClick={() => dialled(subject, phone)}><Icon name="phone" />{t('followup.call')}</a>
) : null
