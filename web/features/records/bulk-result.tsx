import { Link } from '@tanstack/react-router'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { t } from '../../i18n/index.ts'
import type { Whole } from './in-chunks.ts'
import css from './list.module.css'
import { undoOf } from './undo.ts'

/** Row by row what did not go, and why; what went can be taken back from here. */
export function BulkResult({ object, whole, onClose }: { object: string; whole: Whole; onClose: () => void }) {
  const groups = [...Map.groupBy(whole.refused, ({ message }) => message)]
  const undo = undoOf(...whole.undos)
  return (
    <Dialog title={t('records.bulkDone', { n: whole.changed, m: whole.refused.length })} onClose={onClose} foot={<>{undo && <Button onClick={() => { onClose(); void undo() }}>{t('common.undo')}</Button>}<Button look="primary" onClick={onClose}>{t('common.close')}</Button></>}>
      {whole.cancelled && <p className="quiet">{t('records.bulkStopped')}</p>}
      {groups.map(([message, rows]) => (
        <section key={message} className={css.refused} aria-label={message}>
          <h3>{message} <span className="hint num">{t('common.rows', { n: rows.length })}</span></h3>
          <ul>{rows.slice(0, MOST).map(({ id, title }) => <li key={id}>{title ? <Link to={at.record(object, id)} className="link">{title}</Link> : <span className="quiet">{t('records.hiddenRecord')}</span>}</li>)}</ul>
          {rows.length > MOST && <p className="hint">{t('records.andMore', { n: rows.length - MOST })}</p>}
        </section>
      ))}
    </Dialog>
  )
}
const MOST = 50
