import { useQuery } from '@tanstack/react-query'
import type { OnDutyAnswer } from '#contract/api'
import { addDays, dayOf } from '#language/values'
import { useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call } from '../../api/client.ts'
import { now, zone } from '../../api/clock.ts'
import { keys } from '../../api/keys.ts'
import { useMe } from '../../api/session.ts'
import { at } from '../../app/paths.ts'
import button from '../../design/button.module.css'
import { Button, IconButton } from '../../design/button.tsx'
import { dayInWords, timeOfDay, today } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Avatar, Empty, Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { rotasOf, stretchOf, useWeek, type Rota } from '../../features/shifts/query.ts'
import { mondayOf, type Stretch } from '../../features/shifts/week.ts'
import { label, t } from '../../i18n/index.ts'
import { canDial } from '../follow/call-link.tsx'
import { Chips } from '../frame/chips.tsx'
import { usePull } from '../frame/pull.tsx'
import { Screen } from '../frame/screen.tsx'
import { Missing } from '../records/missing.tsx'
import css from './shifts.module.css'

const MINUTE = 60_000
const hours = ({ from, to }: { from: number | string; to: number | string }): string => `${timeOfDay(new Date(from).toISOString())}–${timeOfDay(new Date(to).toISOString())}`

/** When I am on duty this week, and who is now. */
export default function ShiftsScreen() {
  const rotas = rotasOf(useCatalogue())
  const [chosen, setChosen] = useState(rotas[0]?.key)
  const rota = rotas.find(({ key }) => key === chosen)
  if (!rota) return <Missing />
  const bar = rotas.length > 1 && <div className={css.bar}><Chips label={t('shifts.rota')} value={rota.key} onPick={setChosen} options={rotas.map(({ key, label: name }) => ({ value: key, label: label(name) }))} /></div>
  return <Duties key={rota.key} rota={rota} bar={bar} />
}

function Duties({ rota, bar }: { rota: Rota; bar: React.ReactNode }) {
  const [monday, setMonday] = useState(mondayOf(today()))
  const week = useWeek(rota, monday)
  const current = useQuery({ queryKey: [...keys.object(rota.key), 'on-duty'], queryFn: () => call('onDutyNow', { params: { object: rota.key } }), refetchInterval: MINUTE })
  const pull = usePull(async () => { await Promise.all([week.refetch(), current.refetch()]) })
  return (
    <Screen title={t('shifts.title')} backTo={at.account} hint={t('shifts.week', { from: dayInWords(monday), to: dayInWords(addDays(monday, 6)) })}
      below={<>{bar}<div className={css.bar}>
        <span className="grow" />
        <IconButton icon="left" label={t('shifts.earlier')} onClick={() => setMonday(addDays(monday, -7))} />
        <Button small onClick={() => setMonday(mondayOf(today()))}>{t('shifts.thisWeek')}</Button>
        <IconButton icon="right" label={t('shifts.later')} onClick={() => setMonday(addDays(monday, 7))} />
      </div></>}>
      {pull}
      <div className={css.stack}>
        <Panel title={t('shifts.nowOn')} label={t('shifts.nowOn')}>
          {current.error ? <Failure error={current.error} onRetry={() => void current.refetch()} /> : !current.data ? <Skeleton rows={2} height={56} /> : current.data.rows.length === 0 ? <p className={css.none}>{t('shifts.nobodyNow')}</p>
            : <ul>{current.data.rows.map((row) => <Now key={`${row.member}${row.duty}${row.from}`} rota={rota} row={row} />)}</ul>}
        </Panel>
        <Panel title={t('shifts.mine')} label={t('shifts.mine')}>
          {week.error ? <Failure error={week.error} onRetry={() => void week.refetch()} /> : !week.data ? <Skeleton rows={3} height={52} /> : <Mine rota={rota} stretches={week.data.records.map((record) => stretchOf(rota, record))} />}
        </Panel>
      </div>
    </Screen>
  )
}

const useDuty = (rota: Rota) => {
  const catalogue = useCatalogue()
  const dictionary = rota.shift.duty === undefined ? undefined : rota.field.get(rota.shift.duty)?.dictionary
  return (duty: string | null): string => label(catalogue.option(dictionary, duty ?? '')?.label)
}

function Now({ rota, row: { member: id, duty, from, to, phone } }: { rota: Rota; row: OnDutyAnswer['rows'][number] }) {
  const member = useCatalogue().member(id)
  const nameOf = useDuty(rota)
  const name = member?.name ?? t('common.unknownMember')
  return (
    <li className={css.row}>
      <Avatar text={member?.avatar ?? '?'} size={40} away={Boolean(member?.away)} />
      <span className={css.who}><b>{name}</b><span className="hint">{[nameOf(duty), t('shifts.until', { time: timeOfDay(to) })].filter(Boolean).join(' · ')}</span><span className="sr">{hours({ from, to })}</span></span>
      {phone && canDial(phone) ? <a className={button.button} href={`tel:${phone.replace(/[ -]/g, '')}`} aria-label={t('shifts.callNamed', { name })}><Icon name="phone" />{t('shifts.call')}</a> : <span className="hint">{t('shifts.noPhone')}</span>}
    </li>
  )
}

function Mine({ rota, stretches }: { rota: Rota; stretches: readonly Stretch[] }) {
  const me = useMe()
  const nameOf = useDuty(rota)
  const mine = stretches.filter(({ member }) => member === me.id).sort((a, b) => a.from - b.from)
  if (mine.length === 0) return <Empty icon="calendar" title={t('shifts.noneOfMine')} />
  const at = now().getTime()
  return <ul>{mine.map((each) => (
    <li key={each.id} className={css.row} data-past={each.to <= at || undefined} data-now={(each.from <= at && at < each.to) || undefined}>
      <span className={css.who}><b>{dayInWords(dayOf(each.from, zone()))}</b><span className="hint">{nameOf(each.duty)}</span></span>
      <span className="num">{hours(each)}</span>
    </li>
  ))}</ul>
}
