import { useRef, useState, type ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { Popover } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import css from './rules.module.css'

interface Props { text: ReactNode; name: string; children: ReactNode; foot?: ReactNode; /** The mark that follows it in the sentence. */ after?: string; quiet?: boolean; wide?: boolean; className?: string | undefined }

/** Words that open their own editor. */
export function Part({ text, name, children, foot, after, quiet, wide, className = css.part }: Props) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button ref={anchor} type="button" className={className} data-quiet={quiet} data-after={after} aria-haspopup="dialog" aria-expanded={open} title={name} onClick={() => setOpen(!open)}>{text}</button>
      {open && (
        <Popover anchor={anchor} label={name} className={wide ? css.wide : css.editor} onClose={() => setOpen(false)}>
          <div className={css.edit}>{children}</div>
          <footer className={css.foot}>{foot}<span className="grow" /><Button small look="primary" onClick={() => setOpen(false)}>{t('common.done')}</Button></footer>
        </Popover>
      )}
    </>
  )
}
