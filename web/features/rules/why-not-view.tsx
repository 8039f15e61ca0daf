import type { WhyNotAnswer } from '#contract/api'
import { useState } from 'react'
import { Link } from '@tanstack/react-router'
import { at } from '../../app/paths.ts'
import { Icon } from '../../design/icons.tsx'
import { Tag, type Colour } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './why-not.module.css'

const COLOURS: Partial<Record<WhyNotAnswer['kind'], Colour>> = { ran: 'green', condition: 'amber', broken: 'red' }

/** Why one rule did nothing about one record: what stood in the way, what was seen, what would have been enough. */
export function WhyNotView({ answer, open: first = false, named = true }: { answer: WhyNotAnswer; open?: boolean; named?: boolean }) {
  const [open, setOpen] = useState(first)
  return (
    <div className={css.one}>
      <div className={css.head}>
        {answer.missing.length > 0 && <button type="button" className={css.expand} aria-expanded={open} aria-label={t('whyNot.show', { name: label(answer.label) })} onClick={() => setOpen(!open)}><Icon name={open ? 'down' : 'right'} size={14} /></button>}
        {named && <Link to={at.rule(answer.rule)} className="link">{label(answer.label)}</Link>}
        <Tag colour={COLOURS[answer.kind]}>{t(`whyNot.kind_${answer.kind}`)}</Tag>
      </div>
      <p className={css.said}>{label(answer.said)}</p>
      {open && answer.missing.length > 0 && <ul className={css.missing}>{answer.missing.map((missing, index) => (
        <li key={index}>
          {missing.sentence ? <><span><span className="quiet">{t('whyNot.needs')}</span> <b>{label(missing.sentence)}</b></span><span><span className="quiet">{t('whyNot.saw')}</span> {label(missing.saw!)}{missing.gap && <span className={css.gap}>{label(missing.gap)}</span>}</span></> : <span className="quiet">{t('whyNot.hidden')}</span>}
          {missing.alone && <span className={css.alone}>{t(answer.missing.length === 1 ? 'whyNot.onlyThis' : 'whyNot.enough')}</span>}
        </li>
      ))}</ul>}
    </div>
  )
}
