import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { RouteAnswer, Routes } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Confirm } from '../../design/dialog.tsx'
import { Check } from '../../design/field.tsx'
import { ago, clockTime } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { say } from '../../design/toast.tsx'
import { label, lang, t } from '../../i18n/index.ts'
import css from './configuration.module.css'
import { kindName } from './kind.ts'
import { Plan, type Chosen } from './plan.tsx'
import { w } from './words.ts'

type Answer = RouteAnswer<Routes['configuration']>
export const configurationQuery = { queryKey: ['configuration'], queryFn: () => call('configuration', {}) }

/** What is configured, out of here as a file and in from one. */
export default function ConfigurationPage() {
  const catalogue = useCatalogue()
  const [file, setFile] = useState<Chosen | null>(null)
  const { data, error, refetch } = useQuery({ ...configurationQuery, enabled: catalogue.can('definitions') })
  if (!catalogue.can('definitions')) return <NoRight title={w('title')} right={t('roles.right_definitions')} />
  if (file) return <Plan file={file} onClose={() => setFile(null)} />
  return (
    <Page title={w('title')} hint={w('hint')}>
      {!data ? <Panel label={w('title')}>{error ? <Failure error={error} onRetry={refetch} /> : <Skeleton rows={5} height={44} />}</Panel> : <><Out parts={data.parts} /><In onFile={setFile} /><Past imports={data.imports} /></>}
    </Page>
  )
}

type Part = Answer['parts'][number]

function Out({ parts }: { parts: readonly Part[] }) {
  const catalogue = useCatalogue()
  const mine = parts.filter(({ may }) => may).map(({ part }) => part)
  const [chosen, setChosen] = useState<ReadonlySet<Part['part']>>(new Set(mine))
  const take = useMutation({
    mutationFn: () => call('exportConfiguration', { body: { parts: mine.filter((part) => chosen.has(part)) } }),
    onSuccess: (file) => {
      save(file, `${catalogue.tenant.name} ${lang() === 'en' ? 'configuration' : '配置'} ${new Date().toLocaleDateString('sv-SE')}.json`)
      say(w('exported', { n: Object.values((file as { definitions: Record<string, unknown[]> }).definitions).reduce((sum, each) => sum + each.length, 0) }))
    },
  })
  const toggle = (part: Part['part']) => setChosen((now) => now.has(part) ? new Set([...now].filter((each) => each !== part)) : new Set([...now, part]))
  return (
    <Panel title={w('export')} flush={false} acts={<Check checked={chosen.size === mine.length} mixed={chosen.size > 0 && chosen.size < mine.length} onCheck={(all) => setChosen(new Set(all ? mine : []))}>{w('all')}</Check>}>
      {take.error && <Failure small error={take.error} />}
      <ul className={css.parts}>
        {parts.map(({ part, n, theirs, may, kinds }) => (
          <li key={part}>
            <Check checked={may && chosen.has(part)} disabled={!may} onCheck={() => toggle(part)}><b>{w(`part_${part}`)}</b></Check>
            <span className="hint">{may ? [w('items', { n }), ...(kinds.length > 1 ? [kinds.map(kindName).join(t('common.listGap'))] : []), ...(theirs > 0 ? [w('theirsN', { n: theirs })] : [])].join(' · ') : w('noRightPart')}</span>
          </li>
        ))}
      </ul>
      <div className={css.out}><p className="hint">{w('exportHelp')}</p><Button look="primary" icon="download" disabled={chosen.size === 0} title={chosen.size === 0 ? w('exportNone') : undefined} busy={take.isPending} onClick={() => take.mutate()}>{w('exportNow')}</Button></div>
    </Panel>
  )
}

function save(file: unknown, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

const MOST_BYTES = 16 * 1_048_576

function In({ onFile }: { onFile: (file: Chosen) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [trouble, setTrouble] = useState<{ message: string; remedy: string } | null>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    setTrouble(null)
    if (file.size === 0) return setTrouble({ message: w('empty', { file: file.name }), remedy: w('notJsonHelp') })
    if (file.size > MOST_BYTES) return setTrouble({ message: w('tooLarge', { file: file.name }), remedy: w('tooLargeHelp') })
    try {
      onFile({ name: file.name, json: JSON.parse(await file.text()) as unknown })
    } catch {
      setTrouble({ message: w('notJson', { file: file.name }), remedy: w('notJsonHelp') })
    }
  }
  return (
    <Panel title={w('import')}>
      {trouble && <div className={css.trouble}><Failure small error={trouble} /></div>}
      <div className={css.drop} data-over={over} onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={(event) => { event.preventDefault(); setOver(false); void take(event.dataTransfer.files[0]) }}>
        <Icon name="form" size={24} />
        <p><b>{w('drop')}</b></p>
        <p className="quiet dense">{w('dropHelp')}</p>
        <Button onClick={() => input.current?.click()}>{w('choose')}</Button>
        <input ref={input} type="file" hidden aria-label={w('choose')} accept=".json,application/json" onChange={(event) => { void take(event.target.files?.[0]); event.target.value = '' }} />
      </div>
    </Panel>
  )
}

type Import = Answer['imports'][number]
type Undone = RouteAnswer<Routes['undoConfiguration']>

function Past({ imports }: { imports: readonly Import[] }) {
  const catalogue = useCatalogue()
  const [asked, setAsked] = useState<Import | null>(null)
  const [done, setDone] = useState<Undone | null>(null)
  const link = catalogue.can('audit') && <Link to={at.audit} search={{ about: 'taken' } as never} className="link">{w('inAudit')}</Link>
  return (
    <Panel title={w('past')} acts={link || undefined}>
      {imports.length === 0 ? <Empty icon="history" title={w('noPast')}>{w('noPastHelp')}</Empty> : (
        <ul>{imports.map((each) => (
          <li key={each.id} className={css.row} aria-label={each.name}>
            <span className={css.what}><b className="clip">{each.name}</b><span className="hint">{w('pastLine', { from: each.from, when: clockTime(each.exportedAt) })}</span></span>
            <span className={css.facts}><span className="num">{w('changedN', { n: each.n })}</span><span>{each.by?.name}</span><time className="hint" dateTime={each.at} title={clockTime(each.at, true)}>{ago(each.at)}</time></span>
            {each.undoneAt ? <Tag>{w('undoneBy', { who: each.undoneBy ?? '' })}</Tag> : <Button small onClick={() => { setDone(null); setAsked(each) }}>{w('undo')}</Button>}
          </li>
        ))}</ul>
      )}
      {asked && <Undo given={asked} onDone={(result) => { setAsked(null); setDone(result) }} onClose={() => setAsked(null)} />}
      {done && done.left.length > 0 && <Left left={done.left} />}
    </Panel>
  )
}

function Undo({ given, onDone, onClose }: { given: Import; onDone: (done: Undone) => void; onClose: () => void }) {
  const undo = useMutation({ mutationFn: () => call('undoConfiguration', { params: { id: given.id } }), onSuccess: async (done) => { say(w('undone', { n: done.n })); onDone(done); await queries.invalidateQueries() } })
  return <Confirm title={w('undoTitle', { name: given.name })} act={w('undo')} onAct={() => undo.mutateAsync()} onClose={onClose}><p>{w('undoHelp')}</p>{undo.error && <Failure small error={undo.error} />}</Confirm>
}

/** What an import that was taken back has left, and why. */
export const Left = ({ left }: { left: Undone['left'] }) => (
  <section className={css.left} aria-label={w('leftTitle', { n: left.length })} role="status">
    <p><b>{w('leftTitle', { n: left.length })}</b></p>
    <ul>{left.map((each) => <li key={`${each.kind}:${each.key}`}>{kindName(each.kind)}{lang() === 'en' ? ` “${label(each.label)}”: ` : `「${label(each.label)}」：`}<span className="quiet">{label(each.why)}</span></li>)}</ul>
  </section>
)
