import { Link } from '@tanstack/react-router'
import type { ReweighAnswer } from '#contract/api'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { clockTime, number } from '../../design/format.ts'
import { t } from '../../i18n/index.ts'
import css from './reweigh.module.css'

const FIRST = 8
interface Props { rows: ReweighAnswer['rows']; total: number; of: number | null; onAll: () => void }

/** The records that would have gone to somebody else, the newest first. */
export function ReweighRows({ rows, total, of, onAll }: Props) {
  const catalogue = useCatalogue()
  const [shown, setShown] = useState(FIRST)
  const name = (member: number | null) => (member === null ? t('reweigh.nobodyShort') : catalogue.member(member)?.name ?? t('common.unknownMember'))
  const points = (score: number | null) => (score === null ? null : <small className="hint num"> {score.toFixed(2)}</small>)
  return (
    <section className={css.rows} aria-label={t('reweigh.elsewhere')}>
      <header><h4>{t('reweigh.elsewhere')}</h4>{of !== null && <Button small look="quiet" icon="close" onClick={onAll}>{t('reweigh.onlyOf', { name: name(of) })}</Button>}</header>
      <ul>{rows.slice(0, shown).map((row) => (
        <li key={row.no}>
          <span className={css.what}>{row.title === null ? <span className="quiet">{t('records.hiddenRecord')}</span> : <Link to={at.record(row.object, row.record)} target="_blank" className="link clip">{row.title}</Link>}<time className="hint" dateTime={row.at}>{clockTime(row.at)}</time></span>
          <span className={css.fromTo}><s>{name(row.was)}</s>{points(row.score.was)} → <b>{name(row.becomes)}</b>{points(row.score.becomes)}</span>
        </li>
      ))}</ul>
      {shown < rows.length && <Button small look="quiet" onClick={() => setShown(shown + 40)}>{t('common.loadMore')}</Button>}
      {rows.length < total && shown >= rows.length && <p className="hint">{t('trial.onlyNewest', { shown: number(rows.length), total: number(total) })}</p>}
    </section>
  )
}
