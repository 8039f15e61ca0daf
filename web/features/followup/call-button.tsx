import { useRef, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { phone as spaced } from '../../design/format.ts'
import { Popover } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import css from './follow-up.module.css'

/** A desk has no dialler of its own: the number large enough to read off, a way to hand it over, and the note afterwards. */
export function CallButton({ phone, name, onFollow, big = false }: { phone: string; name: string; onFollow: () => void; big?: boolean }) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  return (
    <>
      <Button ref={anchor} small={!big} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>{t('followup.call')}</Button>
      {open && (
        <Popover anchor={anchor} side="below-end" label={t('followup.callNamed', { name })} onClose={() => setOpen(false)}>
          <div className={css.call}>
            <div className="hint">{name}</div>
            <div className={css.digits}>{spaced(phone)}</div>
            <div className={css.callActs}>
              <a className="link" href={`tel:${phone}`}>{t('followup.dialHere')}</a>
              <CopyButton text={phone} />
              <Button small look="primary" onClick={() => { setOpen(false); onFollow() }}>{t('followup.noteCall')}</Button>
            </div>
          </div>
        </Popover>
      )}
    </>
  )
}
