import type { UnassignedAnswer } from '#contract/api'
import { useState, type ReactNode } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { now } from '../../api/clock.ts'
import { at } from '../../app/paths.ts'
import { To } from '../../app/to.tsx'
import { Button } from '../../design/button.tsx'
import { clockTime, number } from '../../design/format.ts'
import { Avatar, Empty, Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { time } from '../assignment/told.ts'
import { assignByPolicy, targetOf } from '../records/acts.ts'
import { subtitleOf } from '../records/subtitle.ts'
import { Rate } from './rate.tsx'
import css from './unassigned.module.css'

type Row = UnassignedAnswer['rows'][number]
/** How somebody else is chosen differs between the desk and the phone. */
export type Choose = (row: Row) => ReactNode

/** Who waits for an owner, since when, and whom the policy would choose now. */
export function Board({ answer, choose }: { answer: UnassignedAnswer; choose: Choose }) {
  const catalogue = useCatalogue()
  const [busy, setBusy] = useState<string | null>(null)
  const { object, rows, count, late, alertHours } = answer
  const ready = rows.filter(({ proposed, record }) => proposed !== null && record.can.transfer)
  const give = async (name: string, some: readonly Row[]) => { setBusy(name); await assignByPolicy(object, some.map(({ record }) => targetOf(record))); setBusy(null) }
  const acts = ready.length > 1 && <Button look="primary" busy={busy === 'all'} disabled={busy !== null} title={answer.policy ? t('unassigned.allHelp', { policy: label(answer.policy.label) }) : undefined} onClick={() => void give('all', ready)}>{t('unassigned.all')}</Button>
  return (
    <div className={css.columns}>
      <Panel title={t('unassigned.waits', { n: number(count) })} hint={late > 0 ? <span className={css.late}>{t('unassigned.late', { n: number(late), hours: alertHours })}</span> : undefined} acts={acts} label={t('unassigned.title')}>
        {rows.length === 0 ? <Empty icon="check" title={t('unassigned.none', { object: label(catalogue.object(object)?.label) })}>{t('unassigned.noneHelp')}</Empty>
          : <ul className={css.rows}>{rows.map((row) => <One key={row.record.id} row={row} answer={answer} busy={busy} onGive={() => void give(row.record.id, [row])}>{choose(row)}</One>)}</ul>}
        {rows.length < count && <p className={css.more}>{t('unassigned.onlyFirst', { n: rows.length })}</p>}
      </Panel>
      <Rate answer={answer} />
    </div>
  )
}

function One({ row: { record, since, proposed, existing, tried, next }, answer, busy, onGive, children }: { row: Row; answer: UnassignedAnswer; busy: string | null; onGive: () => void; children: ReactNode }) {
  const catalogue = useCatalogue()
  const member = catalogue.member(proposed)
  const waited = (now().getTime() - Date.parse(since)) / 1000
  const title = record.title || t('records.untitled')
  return (
    <li className={css.row}>
      <To to={at.record(record.object, record.id)} className={css.who}><b className="clip">{title}</b><span className="hint clip">{subtitleOf(catalogue, record, answer.related)}</span></To>
      <time className={css.since} data-late={waited > answer.alertHours * 3600 || undefined} dateTime={since}>{t('unassigned.since', { length: time(waited) })}</time>
      <span className={css.proposed}>{member ? <><Avatar text={member.avatar} size={24} /><span>{member.name}{existing && <small className="hint"> {t('unassigned.existing')}</small>}</span></> : <span className="quiet">{t('unassigned.nobody')} <small className="hint">{t('unassigned.nobodyHelp')}</small></span>}</span>
      <span className={css.acts}>
        {record.can.transfer && member && <Button small busy={busy === record.id} disabled={busy !== null} aria-label={t('unassigned.giveNamed', { record: title, name: member.name })} onClick={onGive}>{t('unassigned.give', { name: member.name })}</Button>}
        {record.can.transfer && children}
      </span>
      {(tried || next) && <p className={css.tried}>{tried && <span>{label(tried)}</span>}{next && <span>{t('unassigned.next', { when: clockTime(next.at), what: t(`assignment.to_${next.to}`) })}</span>}</p>}
    </li>
  )
}
