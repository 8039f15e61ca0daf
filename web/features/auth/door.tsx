import { useEffect, type ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { lang, setLang, t } from '../../i18n/index.ts'
import { speak } from '../../api/client.ts'
import css from './door.module.css'

/** The frame of every page before the product: the name, one question, nothing else. */
export function Door({ title, hint, children, wide }: { title: string; hint?: ReactNode; children: ReactNode; wide?: boolean }) {
  useEffect(() => { document.title = `${title} · ${t('common.product')}` }, [title])
  const other = lang() === 'zh' ? 'en' : 'zh'
  return (
    <main className={css.door}>
      <div className={css.brand}><img src="/icon.svg" width="28" height="28" alt="" /> {t('common.product')}</div>
      <div className={css.card} data-wide={wide}>
        <h1>{title}</h1>
        {hint && <p className={css.hint}>{hint}</p>}
        {children}
      </div>
      <Button small look="quiet" className={css.lang!} onClick={() => void setLang(other).then(speak)}>{other === 'en' ? 'English' : '中文'}</Button>
    </main>
  )
}
export { css as doorCss }
