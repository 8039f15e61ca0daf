import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { clockTime, number } from '../../design/format.ts'
import { Empty, Facts, Failure, Panel } from '../../design/pieces.tsx'
import { label } from '../../i18n/index.ts'
import css from './exports.module.css'
import type { Suspect } from './query.ts'
import { w } from './words.ts'

const MOST_ROWS = 500

/** Rows as they come out of a sheet (tabs), a CSV (commas) or a message (several blanks). */
function rowsIn(text: string): string[][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '').slice(0, MOST_ROWS)
  return lines.map((line) => line.split(line.includes('\t') ? '\t' : /[,，]/.test(line) ? /[,，]/ : / {2,}/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')).filter(Boolean).slice(0, 200)).filter((cells) => cells.length > 0)
}

/** A few leaked rows: which export they come from, and whose. */
export function TracePanel() {
  const [text, setText] = useState('')
  const rows = rowsIn(text)
  const trace = useMutation({ mutationFn: async (given: string[][]) => ({ ...(await call('traceExport', { body: { rows: given } })), of: given.length }) })
  return (
    <>
      <Panel label={w('trace')} flush={false}>
        <form className={css.trace} onSubmit={(event) => { event.preventDefault(); if (rows.length > 0) trace.mutate(rows) }}>
          <Field label={w('paste')} help={w('pasteHelp')}>{(id) => <TextArea {...id} rows={7} value={text} onText={setText} className={css.paste!} spellCheck={false} />}</Field>
          <div className={css.find}><span className="hint" role="status">{rows.length > 0 ? w('rowsGiven', { n: rows.length }) : ''}</span><Button type="submit" look="primary" disabled={rows.length === 0} busy={trace.isPending}>{w('find')}</Button></div>
        </form>
        {trace.error && <Failure small error={trace.error} />}
      </Panel>
      {trace.data && <Found suspects={trace.data.suspects} of={trace.data.of} />}
    </>
  )
}

function Found({ suspects: [first, ...others], of }: { suspects: readonly Suspect[]; of: number }) {
  if (!first) return <Panel label={w('trace')}><Empty icon="history" title={w('nobody')}>{w('nobodyHelp')}</Empty></Panel>
  return (
    <>
      <Panel title={w('found')} flush={false}><One suspect={first} of={of} /></Panel>
      {others.length > 0 && <Panel title={w('foundOthers')} flush={false}>{others.map((each) => <One key={each.no} suspect={each} of={of} />)}</Panel>}
    </>
  )
}

function One({ suspect, of }: { suspect: Suspect; of: number }) {
  const catalogue = useCatalogue()
  const { no, member, name, at: when, ip, object, format, rows, found, values, marked, kept } = suspect
  return (
    <div className={css.suspect}>
      <p><b>{name}</b> <Link to={at.audit} search={{ member } as never} className="link">{w('more_audit')}</Link></p>
      <Facts facts={[
        [w('when'), clockTime(when, true)], [w('where'), ip ?? '—'], [w('what'), [label(catalogue.object(object)?.label) || object, format.toUpperCase(), w('rows', { n: number(rows) })].join(' · ')], [w('number'), `E${no}`],
        ...(found > 0 ? [[w('match'), w('matchN', { n: of, found, values })] as const] : []),
      ]} />
      {marked && <p className={css.note}>{w('marked')}</p>}
      {kept && <p className={css.note}>{w('keptHere')}</p>}
    </div>
  )
}
