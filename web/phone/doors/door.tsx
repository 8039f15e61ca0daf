import { useEffect, type ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { lang, t } from '../../i18n/index.ts'
import { switchLang } from '../words/index.ts'
import css from './door.module.css'

/** The frame of every page before the product: the name, one question, nothing else. */
export function Door({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  useEffect(() => { document.title = `${title} · ${t('common.product')}` }, [title])
  const other = lang() === 'zh' ? 'en' : 'zh'
  return (
    <main className={css.door}>
      <div className={css.brand}><img src="/icon.svg" width="28" height="28" alt="" /><span className="grow">{t('common.product')}</span><Button look="quiet" onClick={() => void switchLang(other)}>{other === 'en' ? 'English' : '中文'}</Button></div>
      <h1>{title}</h1>
      {hint && <p className={css.hint}>{hint}</p>}
      <div className={css.body}>{children}</div>
    </main>
  )
}
export { css as doorCss }
