import type { z } from 'zod'
import type { Candidate } from '#contract/api'
import { cx } from '../../design/classes.ts'
import { Icon } from '../../design/icons.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './candidates.module.css'

export interface Decision { no: number; tie: { zh: string; en: string } | null; fallback: { zh: string; en: string } | null; reason: string | null; chosen: number | null; candidates: readonly z.infer<typeof Candidate>[]; otherwise: readonly { zh: string; en: string }[] }
const two = (value: number | null): string => (value === null ? '—' : value.toFixed(2))

function Filled({ known }: { known: { complete: number; total: number } | null }) {
  if (known === null || known.total === 0) return '—'
  return <>{Math.round((known.complete / known.total) * 100)}%<small className={css.of}> {known.complete}/{known.total}</small></>
}

/** This owner and not the others: every candidate with the parts of the score, or why they did not compete. */
export function Candidates({ decision }: { decision: Decision }) {
  const rows = [...decision.candidates].sort((a, b) => Number(b.chosen) - Number(a.chosen) || Number(Boolean(a.excluded)) - Number(Boolean(b.excluded)) || (b.score ?? -1) - (a.score ?? -1))
  const full = decision.candidates.some(({ completeness }) => completeness !== null)
  return (
    <div className={css.box}>
      {decision.reason && <p className="dense quiet">{howDecided(decision.reason)}</p>}
      {decision.fallback && <p className="dense">{label(decision.fallback)}</p>}
      {decision.tie && <p className="dense">{label(decision.tie)}</p>}
      <table className={css.table}>
        <caption className="sr">{t('records.decisionNo', { n: decision.no })}</caption>
        <thead><tr><th scope="col">{t('records.candidate')}</th><th scope="col">{t('records.skill')}</th><th scope="col">{t('records.region')}</th><th scope="col">{t('records.load')}</th><th scope="col">{t('records.holding')}</th>{full && <th scope="col" title={t('assignment.completeColumnHelp')}>{t('assignment.completeColumn')}</th>}<th scope="col">{t('records.score')}</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.member} className={cx(row.chosen && css.chosen, row.excluded && css.out)}>
              <th scope="row">{row.chosen && <Icon name="check" size={14} />}{row.name}{row.excluded && <span className={css.reason}>{t('records.excluded', { reason: row.excluded })}</span>}</th>
              <td>{two(row.parts.skill)}</td><td>{two(row.parts.region)}</td><td>{two(row.parts.load)}</td>
              <td>{row.open ?? '—'} / {row.limit ?? '—'}</td>
              {full && <td><Filled known={row.completeness} /></td>}
              <td><b>{two(row.score)}</b></td>
            </tr>
          ))}
        </tbody>
      </table>
      {decision.otherwise.length > 0 && <div className={css.otherwise}><h4>{t('assignment.otherwise')}</h4><ul>{decision.otherwise.map((said) => <li key={said.en}>{label(said)}</li>)}</ul></div>}
    </div>
  )
}

/** `competed`, `turn`, `existing`, `team` or `pool:<greater region>`. */
function howDecided(reason: string): string {
  const [kind = ''] = reason.split(':')
  if (kind === 'pool') return t('assignment.byNobody')
  if (kind === 'team') return t('assignment.byTeam')
  if (kind === 'turn') return t('assignment.byTurn')
  return kind === 'existing' ? t('assignment.byExisting') : t('assignment.byScore')
}
