import type { PrintTerm } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { plainLabel } from '../../api/definitions.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Check, Input } from '../../design/field.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import type { Editing } from './block-editor.tsx'
import css from './prints.module.css'
import { childrenOf } from './table-editor.tsx'

type Line = Editing<'totals'>['block']['lines'][number]

/** Amounts with a name: fields of the record and sums of what points to it, added or taken off. */
export function TotalsEditor({ object, block, onChange }: Editing<'totals'>) {
  const choices = termsOf(useCatalogue(), object)
  const set = (lines: Line[]) => onChange({ ...block, lines })
  const put = (at: number, line: Line) => set(block.lines.map((each, index) => (index === at ? line : each)))
  return (
    <div className={css.rows}>
      {block.lines.map((line, at) => (
        <div key={at} className={css.totalRow}>
          <Input small aria-label={t('prints.lineName')} value={label(line.label)} maxLength={40} onText={(text) => put(at, { ...line, label: plainLabel(text || ' ') })} />
          <span className={css.terms}>{line.terms.map((term, i) => <Term key={i} {...{ term, choices }} onChange={(next) => put(at, { ...line, terms: next ? line.terms.map((each, index) => (index === i ? next : each)) : line.terms.filter((_, index) => index !== i) })} only={line.terms.length === 1} />)}
            {line.terms.length < 4 && choices[0] && <Button small look="quiet" onClick={() => put(at, { ...line, terms: [...line.terms, { ...choices[0]!.term, minus: true }] })}>{t('prints.addTerm')}</Button>}</span>
          <Check checked={line.capital === true} onCheck={(on) => put(at, { label: line.label, terms: line.terms, ...(on && { capital: true }) })}>{t('prints.capital')}</Check>
          <IconButton small icon="close" label={t('common.remove')} disabled={block.lines.length === 1} onClick={() => set(block.lines.filter((_, index) => index !== at))} />
        </div>
      ))}
      {choices[0] && block.lines.length < 10 && <Button small icon="plus" onClick={() => set([...block.lines, { label: plainLabel(t('prints.total')), terms: [choices[0]!.term] }])}>{t('prints.addLine')}</Button>}
    </div>
  )
}

interface TermChoice { key: string; name: string; term: PrintTerm }

function termsOf(catalogue: Catalogue, object: string): TermChoice[] {
  const amounts = (key: string) => (catalogue.object(key)?.fields ?? []).filter((field) => ['money', 'decimal'].includes(field.kind))
  const own = amounts(object).map((field): TermChoice => ({ key: field.key, name: label(field.label), term: { field: field.key } }))
  return [...own, ...childrenOf(catalogue, object).flatMap((child) => amounts(child.object).map((field): TermChoice => ({ key: `${child.object} ${child.via} ${field.key}`, name: `${child.name} · ${label(field.label)}`, term: { object: child.object, via: child.via, sum: field.key } })))]
}

const keyOf = (term: PrintTerm): string => ('field' in term ? term.field : `${term.object} ${term.via} ${term.sum}`)

function Term({ term, choices, only, onChange }: { term: PrintTerm; choices: readonly TermChoice[]; only: boolean; onChange: (term: PrintTerm | null) => void }) {
  const { minus, ...plain } = term
  const pick = (key: string | null) => { const next = choices.find((each) => each.key === key)?.term; if (next) onChange({ ...next, ...(minus && { minus }) }) }
  return (
    <span className={css.term}>
      <Check checked={minus === true} onCheck={(on) => onChange({ ...plain, ...(on && { minus: true }) } as PrintTerm)}>{t('prints.minus')}</Check>
      <Picker small label={t('prints.addTerm')} value={keyOf(term)} options={choices.map(({ key, name }) => ({ value: key, label: name }))} onPick={pick} />
      {'filter' in term && term.filter && <span className="hint">{t('prints.filtered')}</span>}
      {!only && <IconButton small icon="close" label={t('common.remove')} onClick={() => onChange(null)} />}
    </span>
  )
}
