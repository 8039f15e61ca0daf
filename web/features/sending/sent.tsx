import type { SentShape } from '#contract/api'
import { clockTime } from '../../design/format.ts'
import { Tag, type Colour } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './sent.module.css'

const COLOURS: Partial<Record<SentShape['state'], Colour>> = { unconfirmed: 'amber', delivered: 'green', refused: 'red', failed: 'red', unknown: 'amber' }

/** A message to the outside: where it went, and how it stands; `whole`: with the words of the other side, for who looks after it. */
export function Sent({ sent, whole = false }: { sent: SentShape; whole?: boolean }) {
  const refused = whole && sent.state !== 'delivered' && sent.reason
  return (
    <span className={css.sent}>
      <span className={css.to}>{sent.to ? t('sending.to', { host: sent.to }) : t('sending.out', { channel: sent.channel })}</span>
      <span title={clockTime(sent.at, true)}><Tag colour={COLOURS[sent.state]}>{t(`sending.state_${sent.state}`)}</Tag></span>
      {sent.attempts > 1 && <span className="hint">{t('sending.times', { n: sent.attempts })}</span>}
      {refused && <span className="hint">{t('sending.why', { reason: sent.reason! })}</span>}
    </span>
  )
}
