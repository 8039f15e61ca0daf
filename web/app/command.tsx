import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCatalogue, type Catalogue } from '../api/catalogue.ts'
import { call, keepPreviousData } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { Dialog } from '../design/dialog.tsx'
import { OptionList, type Option } from '../design/options.tsx'
import { setTheme } from '../design/theme.ts'
import { FollowUp } from '../features/followup/follow-up.tsx'
import { CreateRecord } from '../features/records/create-record.tsx'
import { label, t } from '../i18n/index.ts'
import css from './command.module.css'
import { workings } from './nav.tsx'
import { at } from './paths.ts'

interface Act extends Option { run: () => void }

/** Records, pages and acts behind one key. */
export default function Command({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [next, setNext] = useState<'follow' | { create: string } | null>(null)
  const text = query.trim()
  const { data, isFetching } = useQuery({ queryKey: keys.search(text), queryFn: ({ signal }) => call('search', { query: { q: text, limit: 12 } }, { signal }), enabled: text.length > 0, placeholderData: keepPreviousData })
  const catalogue = useCatalogue()
  const navigate = useNavigate()
  if (next === 'follow') return <FollowUp start={{ subject: null, known: [] }} onClose={onClose} />
  if (next) return <CreateRecord object={next.create} onClose={onClose} onCreated={(id) => void navigate({ to: at.record(next.create, id) })} />

  const go = (to: string) => { onClose(); void navigate({ to }) }
  const hits: Act[] = text ? (data?.hits ?? []).map((hit) => ({ value: `r-${hit.id}`, label: hit.title, hint: [hit.subtitle, label(catalogue.object(hit.object)?.label)].filter(Boolean).join(' · '), group: t('shell.records'), run: () => go(at.record(hit.object, hit.id)) })) : []
  const fixed = [...pages(catalogue, go), ...acts(catalogue, setNext, onClose)].filter((act) => !text || act.label.toLowerCase().includes(text.toLowerCase()))
  const all = [...hits, ...fixed]
  return (
    <Dialog bare title={t('shell.command')} width={620} onClose={onClose}>
      <div className={css.command}>
        <OptionList label={t('shell.command')} placeholder={t('shell.commandHint')} options={all} selected={new Set()} onQuery={setQuery} busy={isFetching} onPick={(value) => all.find((act) => act.value === value)?.run()} empty={t('shell.noHit', { text })} foot={<span className="hint">{t('shell.commandKeys')}</span>} />
      </div>
    </Dialog>
  )
}

function pages(catalogue: Catalogue, go: (to: string) => void): Act[] {
  const page = (to: string, name: string): Act => ({ value: `p-${to}`, label: name, group: t('shell.pages'), run: () => go(to) })
  return [
    page(at.home, t('workbench.title')),
    ...catalogue.objects.filter((object) => !object.hidden && object.can.read).map((object) => page(at.list(object.key), label(object.label))),
    ...(catalogue.objects.some((object) => object.event && object.can.read) ? [page(at.calendar, t('calendar.title'))] : []),
    ...workings(catalogue).map(([to, name]) => page(to, name)),
    page(at.notifications, t('notifications.title')), page(at.account, t('shell.account')),
  ]
}

function acts(catalogue: Catalogue, next: (what: 'follow' | { create: string }) => void, done: () => void): Act[] {
  const act = (value: string, name: string, run: () => void): Act => ({ value: `a-${value}`, label: name, group: t('shell.acts'), run })
  const themed = (theme: 'light' | 'dark', name: string) => act(theme, `${t('shell.theme')} · ${name}`, () => { setTheme(theme); done() })
  return [
    act('follow', t('followup.add'), () => next('follow')),
    ...catalogue.objects.filter((object) => !object.hidden && object.can.create && !object.immutable).map((object) => act(`new-${object.key}`, t('shell.createNamed', { name: label(object.label) }), () => next({ create: object.key }))),
    themed('light', t('shell.themeLight')), themed('dark', t('shell.themeDark')),
  ]
}
