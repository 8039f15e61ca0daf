import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { RouteAnswer, Routes } from '#contract/api'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { Page } from '../../app/page.tsx'
import { Button } from '../../design/button.tsx'
import { clockTime } from '../../design/format.ts'
import { Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { say } from '../../design/toast.tsx'
import { lang, t } from '../../i18n/index.ts'
import css from './configuration.module.css'
import { Conflicts, Items, Stopped } from './items.tsx'
import { w } from './words.ts'

export interface Chosen { name: string; json: unknown }
export interface Choices { skip: string[]; take: Record<string, string[]>; back: string[]; remove: string[]; members: Record<string, number>; teams: Record<string, number> }
type Answer = RouteAnswer<Routes['planConfiguration']>
export type Item = Answer['items'][number]
export type Choose = (change: (now: Choices) => Choices) => void

const NOTHING: Choices = { skip: [], take: {}, back: [], remove: [], members: {}, teams: {} }
let opened = 0

/** What bringing this file in would change, item by item; every choice is worked out anew before anything is done. */
export function Plan({ file, onClose }: { file: Chosen; onClose: () => void }) {
  const [choices, setChoices] = useState(NOTHING)
  // A file is no good as a key of what has been asked: it is long.
  const no = useMemo(() => ++opened, [])
  const { data, error, refetch, isFetching } = useQuery({ queryKey: ['configuration', 'plan', no, choices], queryFn: ({ signal }) => call('planConfiguration', { body: { file: file.json, choices } }, { signal }), placeholderData: keepPreviousData, retry: false, staleTime: Infinity })
  const bring = useMutation({
    mutationFn: (stamp: string) => call('importConfiguration', { body: { file: file.json, choices, name: file.name, stamp } }),
    onSuccess: async ({ id, n }) => {
      say(w('done', { n }), async () => { const { n: back } = await call('undoConfiguration', { params: { id } }); say(w('undone', { n: back })); await queries.invalidateQueries() })
      onClose()
      await queries.invalidateQueries()
    },
    onError: () => void refetch(),
  })
  const n = data?.items.filter(({ planned }) => planned).length ?? 0
  const acts = <><Button onClick={onClose}>{w('cancel')}</Button>{data && <Button look="primary" disabled={n === 0 || isFetching} busy={bring.isPending} onClick={() => bring.mutate(data.stamp)}>{n === 0 ? w('nothing') : w('bring', { n })}</Button>}</>
  const hint = data ? w('from', { name: data.from.name, by: data.from.by, when: clockTime(data.from.at) }) : file.name
  return (
    <Page title={w('plan')} hint={hint} acts={acts}>
      {bring.error && <Failure small error={bring.error} />}
      {!data ? <Panel label={w('plan')}>{error ? <Failure error={error} /> : <Skeleton rows={8} height={44} />}</Panel> : <Planned plan={data} choices={choices} onChoose={setChoices} stale={isFetching} />}
    </Page>
  )
}

function Planned({ plan, choices, onChoose, stale }: { plan: Answer; choices: Choices; onChoose: Choose; stale: boolean }) {
  const { items } = plan
  const of = (...standings: Item['standing'][]) => items.filter(({ standing }) => standings.includes(standing))
  const stopped = items.filter((item) => item.stopped.length > 0)
  const open = of('new', 'update', 'merge').filter((item) => item.stopped.length === 0 && (item.planned || item.changes.length > 0 || choices.skip.includes(item.id)))
  const [same, kept] = [of('same').length, of('keep').length]
  if (same === items.length) return <Panel label={w('plan')}><Empty icon="check" title={w('allSame')}>{w('allSameHelp')}</Empty></Panel>
  return (
    <div className={css.plan} aria-busy={stale}>
      {!plan.untouched && <p className={css.caution} role="note">{w('touched')}</p>}
      <dl className={css.tally} aria-label={w('tally')}>
        {(['new', 'update', 'merge', 'keep', 'removed', 'lost', 'same'] as const).map((standing) => <div key={standing} data-some={of(standing).length > 0 || undefined}><dt>{w(`standing_${standing}`)}</dt><dd className="num">{of(standing).length}</dd></div>)}
      </dl>
      {plan.people.length > 0 && <People people={plan.people} onChoose={onChoose} />}
      <Conflicts items={items.filter(({ conflicts }) => conflicts.length > 0)} choices={choices} onChoose={onChoose} />
      <Stopped items={stopped} />
      <Items title={w('changes')} hint={w('changesHelp')} items={open} isOn={({ id }) => !choices.skip.includes(id)} act="take" onToggle={(ids, on) => onChoose((now) => ({ ...now, skip: switched(now.skip, ids, !on) }))} />
      <Items title={w('removed')} hint={w('removedHelp')} items={of('removed').filter((item) => item.stopped.length === 0)} isOn={({ id }) => choices.back.includes(id)} act="back" onToggle={(ids, on) => onChoose((now) => ({ ...now, back: switched(now.back, ids, on) }))} />
      <Items title={w('lost')} hint={w('lostHelp')} items={of('lost').filter((item) => item.stopped.length === 0)} isOn={({ id }) => choices.remove.includes(id)} act="drop_" onToggle={(ids, on) => onChoose((now) => ({ ...now, remove: switched(now.remove, ids, on) }))} />
      {same + kept > 0 && <p className="hint">{w('same', { n: same, kept })}</p>}
    </div>
  )
}

const switched = (now: readonly string[], ids: readonly string[], on: boolean): string[] => (on ? [...new Set([...now, ...ids])] : now.filter((id) => !ids.includes(id)))

/** Who here stands for whom the file names. */
function People({ people, onChoose }: { people: Answer['people']; onChoose: Choose }) {
  const catalogue = useCatalogue()
  const members = catalogue.members.filter(({ active }) => active).map(({ id, name, job }) => ({ value: String(id), label: name, hint: job ?? undefined }))
  const teams = catalogue.teams.map(({ id, name }) => ({ value: String(id), label: name }))
  const roleNames = (roles: readonly string[]) => roles.map((key) => { const role = catalogue.roles.find((each) => each.key === key); return role ? (lang() === 'en' ? role.label.en : role.label.zh) : key }).join(t('common.listGap'))
  const pick = (place: 'member' | 'team', ref: number, value: string | null) => value !== null && onChoose((now) => (place === 'member' ? { ...now, members: { ...now.members, [ref]: Number(value) } } : { ...now, teams: { ...now.teams, [ref]: Number(value) } }))
  return (
    <Panel title={w('people')} hint={w('peopleHelp')}>
      <ul>{people.map(({ place, ref, name, roles, chosen, made }) => (
        <li key={`${place}${ref}`} className={css.person} data-open={chosen === null || undefined}>
          <span><b>{name}</b> <span className="hint">{place === 'team' ? w('team') : roleNames(roles) || w('member')}{made && ` · ${w('made')}`}</span></span>
          <Picker label={`${name} ${place === 'member' ? w('chooseMember') : w('chooseTeam')}`} value={chosen === null ? null : String(chosen)} placeholder={place === 'member' ? w('chooseMember') : w('chooseTeam')} options={place === 'member' ? members : teams} onPick={(value) => pick(place, ref, value)} />
        </li>
      ))}</ul>
    </Panel>
  )
}
