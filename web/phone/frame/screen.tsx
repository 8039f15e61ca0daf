import { useEffect, type ReactNode } from 'react'
import { IconButton } from '../../design/button.tsx'
import { t } from '../../i18n/index.ts'
import { Connection } from '../../app/connection.tsx'
import { Waiting } from '../follow/waiting.tsx'
import { p } from '../words/index.ts'
import { back } from './router.tsx'
import css from './screen.module.css'

interface Props { title: string; head?: ReactNode; hint?: ReactNode; acts?: ReactNode; below?: ReactNode; backTo?: string; small?: boolean; children: ReactNode; act?: ReactNode }

/** One page: its name, what it is about, and its one act under the thumb. */
export function Screen({ title, head, hint, acts, below, backTo, small, children, act }: Props) {
  useEffect(() => { document.title = `${title} · ${t('common.product')}` }, [title])
  return (
    <>
      <header className={css.head} data-small={Boolean(small)}>
        <div className={css.bar}>
          {backTo !== undefined && <IconButton icon="left" label={p('back')} className={css.back!} onClick={() => back(backTo)} />}
          <div className={css.title}>{head ?? <h1>{title}</h1>}{hint && <p className="hint">{hint}</p>}</div>
          {acts}
        </div>
        {below}
      </header>
      <main className={css.main} id="content">
        <Connection /><Waiting />
        {children}
      </main>
      {act}
    </>
  )
}
