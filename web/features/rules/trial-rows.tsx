import { Link } from '@tanstack/react-router'
import type { TrialAnswer } from '#contract/api'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { clockTime, number } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Tag } from '../../design/pieces.tsx'
import { label, t, type WordKey } from '../../i18n/index.ts'
import { formatDuration } from '#language/values'
import { lang } from '../../i18n/index.ts'
import css from './trial.module.css'

type Row = TrialAnswer['rows'][number]
type Apart = Row['apart'][number]
const FIRST = 10

/** The records to which something else would have happened; each opens what, and what really happened to it. */
export function TrialRows({ rows, total }: { rows: readonly Row[]; total: number }) {
  const [shown, setShown] = useState(FIRST)
  return (
    <section className={css.rows} aria-label={t('trial.records')}>
      <h3 className={css.caption}>{t('trial.records')}</h3>
      <ul>{rows.slice(0, shown).map((row) => <One key={row.record} row={row} />)}</ul>
      {shown < rows.length && <Button small look="quiet" className={css.more!} onClick={() => setShown(shown + 40)}>{t('common.loadMore')}</Button>}
      {rows.length < total && shown >= rows.length && <p className="hint">{t('trial.onlyNewest', { shown: number(rows.length), total: number(total) })}</p>}
    </section>
  )
}

function One({ row }: { row: Row }) {
  const catalogue = useCatalogue()
  const [open, setOpen] = useState(false)
  const name = row.title ?? t(row.made ? 'trial.made' : 'records.hiddenRecord')
  return (
    <li className={css.row}>
      <div className={css.head}>
        <button type="button" className={css.expand} aria-expanded={open} aria-label={t('trial.show', { name })} onClick={() => setOpen(!open)}><Icon name={open ? 'down' : 'right'} size={14} /></button>
        <span className="hint">{label(catalogue.object(row.object)?.label)}</span>
        {row.title === null ? <span className="quiet">{name}</span> : <Link to={at.record(row.object, row.record)} className="link clip">{name}</Link>}
        <span className={css.said}>{row.apart.slice(0, 3).map((apart, index) => <Said key={index} apart={apart} />)}{row.apart.length > 3 && <span className="hint">+{row.apart.length - 3}</span>}</span>
      </div>
      {open && <div className={css.detail}>
        <div><h4>{t('trial.wouldHave')}</h4><ul>{row.apart.map((apart, index) => <li key={index}><Said apart={apart} /> <span className="hint">{whenText(apart)}</span></li>)}</ul></div>
        <div><h4>{t('trial.really')}</h4>{row.actual.length === 0 ? <p className="hint">{t('trial.nothingReally')}</p> : <ul>{row.actual.map((fact, index) => <li key={index}><time className="hint" dateTime={fact.at}>{clockTime(fact.at)}</time> {fact.actor.name} {label(fact.said)}</li>)}</ul>}</div>
      </div>}
    </li>
  )
}

const colourOf = ({ now, asIf }: Apart): 'green' | 'red' | 'amber' => (now === null ? 'green' : asIf === null ? 'red' : 'amber')
/** Of a record that is not shown, only the kind of thing is said. */
const whatText = ({ what, detail }: Apart): string => t((label(detail) === '' && what !== 'unanswered' ? `trial.what_${what}` : `trial.does_${what}`) as WordKey, { name: label(detail) })

function Said({ apart }: { apart: Apart }) {
  const kind = apart.now === null ? 'more' : apart.asIf === null ? 'less' : 'moved'
  return <Tag colour={colourOf(apart)}>{t(`trial.${kind}`)} {whatText(apart)}</Tag>
}

function whenText({ now, asIf }: Apart): string {
  if (now === null) return t('trial.at', { when: clockTime(asIf!) })
  if (asIf === null) return t('trial.was', { when: clockTime(now) })
  const minutes = Math.round((Date.parse(asIf) - Date.parse(now)) / 60_000)
  return t(minutes < 0 ? 'trial.sooner' : 'trial.later', { length: lengthText(Math.abs(minutes)), when: clockTime(asIf) })
}

const lengthText = (minutes: number): string => formatDuration(minutes >= 120 ? `${Math.round(minutes / 60)}h` : `${minutes}m`, lang())
