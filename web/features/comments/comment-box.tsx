import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useId, useRef, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { useMe } from '../../api/session.ts'
import { Button } from '../../design/button.tsx'
import { Avatar, sentenceOf } from '../../design/pieces.tsx'
import { t } from '../../i18n/index.ts'
import css from './comments.module.css'
import { askedAt, bound, type Person } from './mentions.ts'

const FilesInput = lazy(() => import('../files/files-input.tsx'))
const MOST = 6

interface Props { subject: { object: string; id: string }; start?: string; people?: readonly Person[]; label: string; autoFocus?: boolean; withFiles?: boolean; act: string; onSend: (text: string, attachments: readonly string[]) => Promise<unknown>; onCancel?: () => void; /** What had been typed and not sent, once it is known, and whoever keeps what is typed now. */ draft?: { kept: Draft | null | undefined; write: (now: Draft) => void } }
interface Draft { text: string; people: readonly number[] }

/** Words and the colleagues meant by them; ⌘/Ctrl + Enter sends. What is wrong stands below, what was written stays. */
export function CommentBox({ subject, start = '', people = [], label, autoFocus = false, withFiles = false, act, onSend, onCancel, draft }: Props) {
  const catalogue = useCatalogue()
  const [text, setText] = useState(start)
  const [meant, setMeant] = useState<readonly Person[]>(people)
  const [files, setFiles] = useState<readonly string[] | null>(null)
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null })
  const [asked, setAsked] = useState<string | null>(null)
  const [at, setAt] = useState(0)
  const field = useRef<HTMLTextAreaElement>(null)
  const list = useId()
  const found = usePeople(subject, asked)
  const [taken, setTaken] = useState(false)
  const put = (next: string, those: readonly Person[] = meant) => { setText(next); setMeant(those); draft?.write({ text: next, people: those.map(({ id }) => id) }) }
  // Once, when it is known; what was typed meanwhile is newer.
  if (!taken && draft?.kept) {
    setTaken(true)
    if (text === '') { setText(draft.kept.text); setMeant(draft.kept.people.flatMap((id) => { const member = catalogue.member(id); return member ? [{ id, name: member.name }] : [] })) }
  }
  const look = () => { const own = field.current; setAsked(own ? askedAt(own.value, own.selectionStart) : null); setAt(0) }
  const pick = (person: Person) => {
    const own = field.current!
    const begin = own.value.lastIndexOf('@', own.selectionStart - 1)
    put(`${own.value.slice(0, begin)}@${person.name} ${own.value.slice(own.selectionStart)}`, [...meant, person])
    setAsked(null)
    requestAnimationFrame(() => { const caret = begin + person.name.length + 2; own.focus(); own.setSelectionRange(caret, caret) })
  }
  const send = async () => {
    if (text.trim() === '' || state.busy) return
    setState({ busy: true, error: null })
    try {
      await onSend(bound(text.trim(), meant), files ?? [])
      setText('')
      setMeant([])
      setFiles(null)
      setState({ busy: false, error: null })
    } catch (error) {
      setState({ busy: false, error })
    }
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (asked !== null && found.length > 0) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step) { event.preventDefault(); return setAt((at + step + found.length) % found.length) }
      if (event.key === 'Enter' || event.key === 'Tab') { event.preventDefault(); const person = found[at]; return person?.reads ? pick(person) : undefined }
      if (event.key === 'Escape') { event.stopPropagation(); return setAsked(null) }
    }
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) { event.preventDefault(); void send() }
    if (event.key === 'Escape' && onCancel) { event.stopPropagation(); onCancel() }
  }
  const open = asked !== null && found.length > 0
  return (
    <div className={css.box}>
      <textarea
        ref={field} className={css.input} rows={text.includes('\n') || text.length > 60 || files ? 3 : 1} maxLength={5000} aria-label={label} placeholder={t('comments.placeholder')} value={text} autoFocus={autoFocus}
        aria-autocomplete="list" aria-controls={open ? list : undefined} aria-activedescendant={open ? `${list}-${at}` : undefined}
        onChange={(event) => { put(event.target.value); look() }} onClick={look} onKeyDown={onKeyDown} onBlur={() => setTimeout(() => setAsked(null), 150)}
      />
      {open && (
        <ul id={list} role="listbox" aria-label={t('comments.people')} className={css.people}>
          {found.map((person, i) => (
            <li key={person.id} id={`${list}-${i}`} role="option" aria-selected={i === at} aria-disabled={!person.reads} className={css.person} onPointerDown={(event) => { event.preventDefault(); if (person.reads) pick(person) }}>
              <Avatar text={person.avatar} size={22} /><span>{person.name}</span>{!person.reads && <span className="hint">{t('comments.cannotRead')}</span>}
            </li>
          ))}
        </ul>
      )}
      {draft && text !== '' && <p className="hint">{t('comments.draftKept')}</p>}
      {files && <Suspense><FilesInput label={t('comments.attach')} value={files} onChange={setFiles} /></Suspense>}
      {state.error !== null && <p className={css.error} role="alert">{sentenceOf(state.error)}</p>}
      {(text !== '' || files || onCancel) && (
        <div className={css.acts}>
          {withFiles && !files && <Button small look="quiet" icon="clip" aria-label={t('comments.attach')} onClick={() => setFiles([])} />}
          <span className="grow" />
          {onCancel && <Button small look="quiet" onClick={onCancel}>{t('common.cancel')}</Button>}
          <Button small look="primary" busy={state.busy} disabled={text.trim() === ''} onClick={() => void send()}>{act}</Button>
        </div>
      )}
    </div>
  )
}

/** Colleagues whose name holds what was typed, and whether a mention would reach them. */
function usePeople(subject: Props['subject'], asked: string | null): (Person & { avatar: string; reads: boolean })[] {
  const me = useMe()
  const found = useCatalogue().members.filter((member) => member.active && member.id !== me.id && asked !== null && member.name.toLowerCase().includes(asked.toLowerCase())).slice(0, MOST)
  const members = found.map(({ id }) => id).join(',')
  const { data } = useQuery({ queryKey: ['record', subject.object, subject.id, 'readers', members], queryFn: ({ signal }) => call('recordReaders', { params: subject, query: { members } }, { signal }), enabled: found.length > 0, staleTime: 60_000 })
  return found.map(({ id, name, avatar }) => ({ id, name, avatar, reads: data?.readers.includes(id) ?? false }))
}
