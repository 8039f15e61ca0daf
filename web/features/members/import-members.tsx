import { useMutation } from '@tanstack/react-query'
import type { RouteAnswer, Routes } from '#contract/api'
import { useRef, useState } from 'react'
import { forgetDefinitions } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Button } from '../../design/button.tsx'
import { CopyButton } from '../../design/copy.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextArea } from '../../design/field.tsx'
import { Failure } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './members.module.css'

type Answer = RouteAnswer<Routes['importMembers']>

/** Many people at once: paste the list or choose a file, look at what is wrong line by line, then hand out the links. */
export function ImportMembers({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const file = useRef<HTMLInputElement>(null)
  const send = useMutation({
    mutationFn: (commit: boolean) => call('importMembers', { body: { text, commit } }),
    onSuccess: async ({ made }) => { if (made.length > 0) { await Promise.all([queries.invalidateQueries({ queryKey: keys.members }), forgetDefinitions()]); say(t('members.imported', { n: made.length })) } },
  })
  const answer = send.data
  const wrong = answer?.rows.filter(({ problems }) => problems.length > 0).length ?? 0
  const change = (next: string) => { setText(next); send.reset() }
  if (answer && answer.made.length > 0) return <Links made={answer.made} onClose={onClose} />
  const ready = answer !== undefined && wrong === 0 && answer.rows.length > 0
  return (
    <Dialog look="sheet" width={640} title={t('members.import')} hint={t('members.importHint')} onClose={onClose}
      foot={<><Button onClick={onClose}>{t('common.cancel')}</Button>{ready ? <Button look="primary" busy={send.isPending} onClick={() => send.mutate(true)}>{t('members.importNow', { n: answer.rows.length })}</Button> : <Button look="primary" busy={send.isPending} disabled={!text.trim()} onClick={() => send.mutate(false)}>{t('members.checkList')}</Button>}</>}>
      {send.error && <Failure small error={send.error} />}
      <Field label={t('members.list')} help={t('members.listHelp')}>{(control) => <TextArea {...control} data-autofocus rows={8} value={text} onText={change} placeholder={t('members.listExample')} spellCheck={false} />}</Field>
      <div className={css.accessActs}>
        <Button small icon="form" onClick={() => file.current?.click()}>{t('members.chooseFile')}</Button>
        <input ref={file} type="file" accept=".csv,.tsv,.txt,text/csv" hidden aria-label={t('members.chooseFile')} onChange={(event) => { const chosen = event.target.files?.[0]; if (chosen) void readText(chosen).then(change) }} />
      </div>
      {answer && <Preview rows={answer.rows} wrong={wrong} />}
    </Dialog>
  )
}

/** Spreadsheets in China save CSV as GB18030 more often than as UTF-8. */
async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer()
  try { return new TextDecoder('utf-8', { fatal: true }).decode(bytes) } catch { return new TextDecoder('gb18030').decode(bytes) }
}

function Preview({ rows, wrong }: { rows: Answer['rows']; wrong: number }) {
  return (
    <section aria-live="polite">
      <h3 className={css.previewHead}>{wrong > 0 ? t('members.linesWrong', { n: wrong }) : t('members.linesFine', { n: rows.length })}</h3>
      <div className={css.scroll}>
        <table className={css.preview}>
          <thead><tr><th scope="col">{t('members.line')}</th><th scope="col">{t('members.name')}</th><th scope="col">{t('members.account')}</th><th scope="col">{t('members.roles')}</th><th scope="col">{t('members.team')}</th></tr></thead>
          <tbody>{rows.map((row) => (
            <tr key={row.line}>
              <td className="num">{row.line}</td>
              <td>{row.name || '—'}{row.problems.map((problem) => <p key={problem.message.zh} className={css.problem}>{problem.column}{t('roles.colon')}{label(problem.message)}</p>)}</td>
              <td className="num">{row.account}</td><td>{row.roles}</td><td>{row.team}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  )
}

function Links({ made, onClose }: { made: Answer['made']; onClose: () => void }) {
  const all = made.map(({ name, link }) => `${name}\t${link.url}`).join('\n')
  return (
    <Dialog look="sheet" width={640} title={t('members.importLinks', { n: made.length })} hint={t('members.importLinksHint')} onClose={onClose} foot={<><CopyButton text={all} /><Button look="primary" onClick={onClose}>{t('common.done')}</Button></>}>
      <ul className={css.links}>{made.map(({ id, name, link }) => <li key={id}><b>{name}</b><code className="clip">{link.url}</code><CopyButton text={link.url} /></li>)}</ul>
    </Dialog>
  )
}
