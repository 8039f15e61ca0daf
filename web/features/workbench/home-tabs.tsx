import { t } from '../../i18n/index.ts'
import css from './home-tabs.module.css'

/** What today asks for, and the numbers beside it: the name of the page is the choice between them. */
export function HomeTabs({ boards, onChoose }: { boards: boolean; onChoose: (boards: boolean) => void }) {
  const tabs = [{ key: 'today', boards: false, name: t('workbench.title') }, { key: 'boards', boards: true, name: t('workbench.boards') }]
  return (
    <>
      <h1 className="sr">{t(boards ? 'workbench.boards' : 'workbench.title')}</h1>
      <nav className={css.tabs} aria-label={t('workbench.home')}>
        {tabs.map((tab) => <button key={tab.key} type="button" className={css.tab} aria-current={tab.boards === boards ? 'page' : undefined} onClick={() => { if (tab.boards !== boards) onChoose(tab.boards) }}>{tab.name}</button>)}
      </nav>
    </>
  )
}
