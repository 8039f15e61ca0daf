import { useEffect, useEffectEvent, useId, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { IconButton } from '../../design/button.tsx'
import { cx } from '../../design/classes.ts'
import { LayerRoot } from '../../design/layer.tsx'
import { t } from '../../i18n/index.ts'
import { holdEntry } from './router.tsx'
import css from './sheet.module.css'

interface Props { title: ReactNode; hint?: ReactNode; label: string; onClose: () => void; children: ReactNode; foot?: ReactNode; tall?: boolean }

/** Comes up from below, under the thumb; closed by Back, by the cross, by a press beside it. */
export function Sheet({ title, hint, label, onClose, children, foot, tall }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [layers, setLayers] = useState<HTMLElement | null>(null)
  const close = useEffectEvent(onClose)
  const id = useId()
  useEffect(() => {
    const own = dialog.current
    const before = document.activeElement as HTMLElement | null
    own?.showModal()
    const release = holdEntry(id, () => close())
    return () => { release(); own?.close(); before?.focus?.({ preventScroll: true }) }
  }, [id])
  return createPortal(
    <dialog ref={dialog} aria-label={label} className={cx(css.sheet, tall && css.tall)} onPointerDown={(event) => { if (event.target === dialog.current) onClose() }} onCancel={(event) => { event.preventDefault(); onClose() }}>
      <div ref={setLayers} />
      <div className={css.frame}>
        <header className={css.head}><div className="grow"><h2>{title}</h2>{hint && <p className="hint">{hint}</p>}</div><IconButton icon="close" label={t('common.close')} onClick={onClose} /></header>
        <div className={css.body}><LayerRoot value={layers}>{children}</LayerRoot></div>
        {foot && <footer className={css.foot}>{foot}</footer>}
      </div>
    </dialog>,
    document.body,
  )
}

export interface Row { key: string; label: ReactNode; hint?: ReactNode; mark?: ReactNode; chosen?: boolean; depth?: number; danger?: boolean; onPick: () => void }
/** A list to press on: one row, one answer. */
export const Rows = ({ rows, label }: { rows: readonly Row[]; label: string }) => (
  <ul className={css.rows} aria-label={label}>
    {rows.map((row) => (
      <li key={row.key}>
        <button type="button" className={css.row} data-depth={row.depth ?? 0} data-danger={row.danger} aria-pressed={row.chosen} onClick={row.onPick}>
          {row.mark}<span className={css.rowText}><span>{row.label}</span>{row.hint && <span className="hint">{row.hint}</span>}</span>{row.chosen && <span className={css.tick} aria-hidden="true">✓</span>}
        </button>
      </li>
    ))}
  </ul>
)
