import { t } from '../../i18n/index.ts'
import css from './drafts.module.css'

/** What stood here unsent is here again; it can be given up. */
export const Restored = ({ form = false, onDrop }: { /** … not saved. */ form?: boolean; onDrop: () => void }) => <p className={css.restored}><span>{t(form ? 'comments.restoredForm' : 'comments.restored')}</span><button type="button" className="link" onClick={onDrop}>{t('comments.giveUp')}</button></p>
