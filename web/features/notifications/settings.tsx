import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { NOTICE_KINDS } from '#language/values'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { Input, Switch } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Picker } from '../../design/picker.tsx'
import { Failure, Panel, Skeleton } from '../../design/pieces.tsx'
import { label, lang, t } from '../../i18n/index.ts'
import css from './notices.module.css'

type Answer = Awaited<ReturnType<typeof ask>>
type Settings = Answer['settings']
type Put = (next: Partial<Settings>) => void
const ask = () => call('noticeSettings', {})

/** How this member is told; every switch takes effect at once. */
export function NoticeSettings({ untitled = false }: { untitled?: boolean }) {
  const { data, error, refetch } = useQuery({ queryKey: keys.noticeSettings, queryFn: ask })
  const save = useMutation({
    mutationFn: (settings: Settings) => call('setNoticeSettings', { body: settings }),
    onMutate: (settings) => { queries.setQueryData<Answer>(keys.noticeSettings, (known) => known && { ...known, settings }) },
    onSuccess: (answer) => queries.setQueryData(keys.noticeSettings, answer),
    onError: () => queries.invalidateQueries({ queryKey: keys.noticeSettings }),
  })
  const put: Put = (next) => data && save.mutate({ ...data.settings, ...next })
  return (
    <Panel {...(!untitled && { title: t('notifications.settings'), hint: t('notifications.settingsHelp') })} label={t('notifications.settings')} flush={false}>
      {error && !data ? <Failure error={error} onRetry={refetch} /> : !data ? <Skeleton rows={6} height={40} /> : (
        <div className={css.settings}>
          {(!data.mail || data.email === null) && <p className={css.warning}><Icon name="alert" />{t(data.email === null ? 'notifications.noAddress' : 'notifications.noMail')}</p>}
          {save.error && <Failure small error={save.error} />}
          <Kinds settings={data.settings} put={put} />
          <QuietHours settings={data.settings} put={put} heading={untitled ? 'h2' : 'h3'} />
          <Digest settings={data.settings} put={put} heading={untitled ? 'h2' : 'h3'} company={data.zone} />
        </div>
      )}
    </Panel>
  )
}

interface Part { settings: Settings; put: Put }
/** One step below what stands above it. */
interface Headed extends Part { heading: 'h2' | 'h3' }

function Kinds({ settings: { kinds }, put }: Part) {
  const turn = (key: keyof typeof kinds, way: 'inside' | 'mail', on: boolean) => put({ kinds: { ...kinds, [key]: { ...kinds[key], [way]: on } } })
  return (
    <table className={css.kinds}>
      <thead><tr><th scope="col">{t('notifications.kind')}</th><th scope="col">{t('notifications.inside')}</th><th scope="col">{t('notifications.mail')}</th></tr></thead>
      <tbody>{NOTICE_KINDS.map(({ key, label: name }) => (
        <tr key={key}>
          <th scope="row">{label(name)}</th>
          <td><Switch checked={kinds[key].inside} aria-label={t('notifications.insideOf', { kind: label(name) })} onCheck={(on) => turn(key, 'inside', on)} /></td>
          <td><Switch checked={kinds[key].mail} aria-label={t('notifications.mailOf', { kind: label(name) })} onCheck={(on) => turn(key, 'mail', on)} /></td>
        </tr>
      ))}</tbody>
    </table>
  )
}

function QuietHours({ settings: { quiet }, put, heading: Heading }: Headed) {
  const turn = (next: Partial<Settings['quiet']>) => put({ quiet: { ...quiet, ...next } })
  return (
    <section className={css.part} aria-label={t('notifications.quiet')}>
      <div><Heading>{t('notifications.quiet')}</Heading><p className="hint">{t('notifications.quietHelp')}</p></div>
      <Switch checked={quiet.on} onCheck={(on) => turn({ on })}>{t('notifications.quietOn')}</Switch>
      {quiet.on && <>
        <div className={css.hours}>
          <Hour name={t('notifications.from')} value={quiet.from} onPick={(from) => turn({ from })} />
          <Hour name={t('notifications.to')} value={quiet.to} onPick={(to) => turn({ to })} />
        </div>
        <Switch checked={quiet.restDays} onCheck={(restDays) => turn({ restDays })}>{t('notifications.restDays')}</Switch>
      </>}
    </section>
  )
}

function Digest({ settings: { digest, zone }, put, company, heading: Heading }: Headed & { company: string }) {
  return (
    <section className={css.part} aria-label={t('notifications.digest')}>
      <div><Heading>{t('notifications.digest')}</Heading><p className="hint">{t('notifications.digestHelp')}</p></div>
      <Switch checked={digest.on} onCheck={(on) => put({ digest: { ...digest, on } })}>{t('notifications.digestOn')}</Switch>
      <div className={css.hours}>
        {digest.on && <Hour name={t('notifications.digestAt')} value={digest.at} onPick={(at) => put({ digest: { ...digest, at } })} />}
        <Picker clearable label={t('notifications.zone')} placeholder={t('notifications.zoneOfCompany', { zone: zoneName(company) })} value={zone} options={zones(zone)} onPick={(next) => put({ zone: next })} />
      </div>
    </section>
  )
}

/** 中国标准时间, not Asia/Shanghai. */
const zoneName = (zone: string): string => part(zone, 'longGeneric') ?? zone
const part = (zone: string, form: 'longGeneric' | 'shortOffset'): string | undefined => new Intl.DateTimeFormat(lang(), { timeZone: zone, timeZoneName: form }).formatToParts().find(({ type }) => type === 'timeZoneName')?.value

/** Where people work, from east to west: one zone for each name. */
const ZONES = [
  'Pacific/Auckland', 'Australia/Sydney', 'Asia/Tokyo', 'Asia/Seoul', 'Asia/Shanghai', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore', 'Asia/Manila', 'Australia/Perth', 'Asia/Bangkok', 'Asia/Jakarta', 'Asia/Urumqi', 'Asia/Dhaka', 'Asia/Kolkata', 'Asia/Tashkent', 'Asia/Karachi', 'Asia/Dubai', 'Europe/Moscow', 'Asia/Riyadh',
  'Europe/Istanbul', 'Africa/Nairobi', 'Africa/Johannesburg', 'Europe/Athens', 'Europe/Paris', 'Africa/Lagos', 'Europe/London', 'America/Sao_Paulo', 'America/Argentina/Buenos_Aires', 'America/New_York', 'America/Chicago', 'America/Mexico_City', 'America/Denver', 'America/Los_Angeles', 'America/Anchorage', 'Pacific/Honolulu',
]
const known = new Map<string, { value: string; label: string; hint: string | undefined }>()
function zoneOption(value: string) {
  const key = `${lang()} ${value}`
  const option = known.get(key) ?? { value, label: zoneName(value), hint: part(value, 'shortOffset') }
  known.set(key, option)
  return option
}
const zones = (chosen: string | null) => [...new Set([...(chosen ? [chosen] : []), ...ZONES])].map(zoneOption)

/** Kept once it is a whole hour and minute and the eye has left it. */
function Hour({ name, value, onPick }: { name: string; value: string; onPick: (value: string) => void }) {
  const [draft, setDraft] = useState(value)
  const done = () => { if (/^\d\d:\d\d$/.test(draft)) { if (draft !== value) onPick(draft) } else setDraft(value) }
  return <label>{name}<Input type="time" value={draft} onText={setDraft} onBlur={done} onKeyDown={(event) => { if (event.key === 'Enter') done() }} /></label>
}
