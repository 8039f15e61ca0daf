import { createContext, use, useEffect, type ReactNode } from 'react'
import { IconButton } from '../design/button.tsx'
import { cx } from '../design/classes.ts'
import { Icon } from '../design/icons.tsx'
import { Empty, Kbd } from '../design/pieces.tsx'
import { Bell } from '../features/notifications/bell.tsx'
import { t } from '../i18n/index.ts'
import css from './page.module.css'

/** What every page can ask of the frame around it. */
export const Frame = createContext<{ openCommand: () => void; openNav: () => void }>({ openCommand: () => undefined, openNav: () => undefined })

interface Props { title: string; shown?: ReactNode; hint?: ReactNode; /** The one primary act stands last. */ acts?: ReactNode; children: ReactNode; wide?: boolean; fill?: boolean }

/** Title and one line about it, search, notifications, the acts; then the content and nothing else. */
export function Page({ title, shown, hint, acts, children, wide, fill }: Props) {
  const { openCommand, openNav } = use(Frame)
  useEffect(() => { document.title = `${title} · ${t('common.product')}` }, [title])
  return (
    <main className={cx(css.main, wide && css.wide, fill && css.fill)} id="content">
      <header className={css.head}>
        <IconButton icon="menu" label={t('shell.menu')} className={css.menu!} onClick={openNav} />
        <div className={css.title}>{shown ?? <h1>{title}</h1>}{hint && <div className="hint">{hint}</div>}</div>
        <button type="button" className={css.search} aria-label={`${t('shell.searchHint')} ${isMac ? '⌘K' : 'Ctrl K'}`} onClick={openCommand}><Icon name="search" /><span className={css.searchText}>{t('shell.searchHint')}</span><Kbd>{isMac ? '⌘K' : 'Ctrl K'}</Kbd></button>
        <Bell />
        {acts && <div className={css.acts}>{acts}</div>}
      </header>
      {children}
    </main>
  )
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

export const NoRight = ({ title, right }: { title: string; right: string }) => (
  <Page title={title}><Empty icon="lock" title={t('common.noRight')}>{t('common.noRightHelp', { right })}</Empty></Page>
)
