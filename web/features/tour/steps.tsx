import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type ComponentType, type ReactNode } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { call, queries } from '../../api/client.ts'
import { keys } from '../../api/keys.ts'
import { enter, useMe } from '../../api/session.ts'
import { at, tenantPrefix } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Qr } from '../../design/qr.tsx'
import { label } from '../../i18n/index.ts'
import css from './coach.module.css'
import { putTour, stepDone, useTour, type Card, type StepKey } from './state.ts'
import { w } from './words.ts'

interface Props { cards: readonly Card[]; lan: string | null }
const OBJECT = 'lead'
const EVERY = 2_500

const go = (to: string): void => location.assign(`${tenantPrefix()}${to}`)
/** The page may be looked at again by its address: the other chair's answers are gone. */
async function sit(member: number, to: string): Promise<void> {
  enter(await call('demoSignIn', { body: { member } }))
  go(to)
}

const Step = ({ title, help, children }: { title: string; help: string; children?: ReactNode }) => <><h2>{title}</h2><p>{help}</p>{children}</>

/** A chair to take first, or what to do on it. */
function On({ card, to, children }: { card: Card | undefined; to: string; children: ReactNode }) {
  const me = useMe()
  const [busy, setBusy] = useState(false)
  if (!card || card.member === me.id) return <>{children}</>
  return <div className={css.acts}><Button small look="primary" busy={busy} onClick={() => { setBusy(true); void sit(card.member, to).catch(() => setBusy(false)) }}>{w('sit', { name: card.name })}</Button></div>
}

const director = (cards: readonly Card[]) => cards.find(({ role }) => role === 'director')

/** The visitor's lead as the member on this chair sees it; asked again until it has an owner. */
function useLead() {
  const { lead } = useTour()
  return useQuery({ queryKey: [...keys.record(OBJECT, lead ?? ''), 'tour'], queryFn: () => call('getRecord', { params: { object: OBJECT, id: lead! } }), enabled: lead !== null, retry: false, refetchInterval: EVERY }).data
}

function Submit({ cards, lan }: Props) {
  const me = useMe()
  const boss = director(cards)
  const here = me.id === boss?.member
  const since = useTour().since
  useEffect(() => { if (!since) void call('clock', {}).then(({ now }) => putTour({ since: now })) }, [since])
  const filter = { all: [{ field: 'created_at', op: 'ge' as const, value: since ?? '' }, { field: 'form_source', op: 'eq' as const, value: '官网定价页' }] }
  const { data } = useQuery({ queryKey: ['tour', since], queryFn: () => call('listRecords', { params: { object: OBJECT }, query: { filter, sort: '-created_at', limit: 1 } }), enabled: here && since !== null, refetchInterval: EVERY, retry: false })
  const found = data?.records[0]?.id
  useEffect(() => { if (found) stepDone('submit', { lead: found }) }, [found])
  const address = lan && `${lan}${tenantPrefix()}/f/pricing`
  return (
    <Step title={w('submit')} help={here ? w('submitHelp') : w('submitWho')}>
      <On card={boss} to={at.home}>
        {address ? <div className={css.code}><Qr size={112} text={address} label={w('code', { address })} /><span className="hint">{w('code', { address })}</span></div> : <span className="hint">{w('codeLocal')}</span>}
        <div className={css.acts}><a className="link" href={`${tenantPrefix()}/f/pricing`} target="_blank" rel="noreferrer">{w('openForm')}</a></div>
        <span className="hint">{w('waiting')}</span>
      </On>
    </Step>
  )
}

function Owner({ cards }: Props) {
  const me = useMe()
  const catalogue = useCatalogue()
  const record = useLead()?.record
  const owner = cards.find(({ member }) => member === record?.values['owner'])
  const grade = catalogue.object(OBJECT)?.field.get('grade')
  const option = catalogue.option(grade?.dictionary, String(record?.values['grade']))
  const there = owner !== undefined && me.id === owner.member
  useEffect(() => { if (there) stepDone('owner') }, [there])
  if (!record || !owner) return <Step title={w('owner')} help={w('ownerWait')} />
  return <Step title={w('owner')} help={w('ownerHelp', { lead: record.title, owner: owner.name, grade: option ? label(option.label) : '–' })}><On card={owner} to={at.home}>{null}</On></Step>
}

function Why({ cards }: Props) {
  const { lead } = useTour()
  const record = useLead()?.record
  const owner = cards.find(({ member }) => member === record?.values['owner'])
  useEffect(() => queries.getQueryCache().subscribe(({ query }) => { if (lead && query.queryKey.join() === keys.why(OBJECT, lead).join() && query.state.data) stepDone('why') }), [lead])
  return (
    <Step title={w('why', { owner: owner?.name ?? '…' })} help={w('whyHelp')}>
      <div className={css.acts}>{lead && !location.pathname.endsWith(lead) && <Button small look="primary" onClick={() => go(at.record(OBJECT, lead))}>{w('openLead')}</Button>}</div>
      <span className="hint">{w('waiting')}</span>
    </Step>
  )
}

const HOURS = 3_600_000

function Pass() {
  const { offset } = useTour()
  const [busy, setBusy] = useState(false)
  const { data } = useQuery({ queryKey: ['tour', 'clock'], queryFn: () => call('clock', {}), refetchInterval: EVERY })
  useEffect(() => { if (data && offset === null) putTour({ offset: data.offsetMs }) }, [data, offset])
  const passed = data !== undefined && offset !== null && data.offsetMs - offset >= 72 * HOURS
  useEffect(() => { if (passed) stepDone('pass') }, [passed])
  const move = async () => { setBusy(true); try { await call('advanceClock', { body: { advance: '73h' } }) } finally { setBusy(false) } }
  return <Step title={w('pass')} help={w('passHelp')}>{data?.movable && <div className={css.acts}><Button small look="primary" icon="clock" busy={busy} disabled={offset === null} onClick={() => void move()}>{w('passAct')}</Button></div>}</Step>
}

function Told({ cards }: Props) {
  const me = useMe()
  const catalogue = useCatalogue()
  const { lead } = useTour()
  const owner = (useLead()?.record.values['owner'] as number | undefined) ?? null
  const head = catalogue.team(catalogue.member(owner)?.team)?.head
  const boss = cards.find(({ member }) => member === head) ?? cards.find(({ role }) => role === 'supervisor')
  const here = me.id === boss?.member
  const { data } = useQuery({ queryKey: ['tour', 'told', me.id], queryFn: () => call('notifications', { query: { limit: 200 } }), enabled: here, refetchInterval: EVERY })
  const told = data?.items.some(({ record, kind }) => record === lead && kind === 'escalation') ?? false
  return (
    <Step title={w('told')} help={w('toldHelp', { name: boss?.name ?? '…' })}>
      <On card={boss} to={at.notifications}>
        <div className={css.acts}>{told && <Button small look="primary" onClick={() => stepDone('told')}>{w('seen')}</Button>}{!location.pathname.endsWith(at.notifications) && <Button small onClick={() => go(at.notifications)}>{w('openNotices')}</Button>}</div>
      </On>
    </Step>
  )
}

const AUDIT = `${at.audit}?object=opportunity&field=purchase_on`

function Restless({ cards }: Props) {
  const there = location.pathname.endsWith(at.audit) && location.search.includes('purchase_on')
  return (
    <Step title={w('restless')} help={w('restlessHelp')}>
      <On card={director(cards)} to={AUDIT}><div className={css.acts}>{there ? <Button small look="primary" onClick={() => stepDone('restless')}>{w('seen')}</Button> : <Button small look="primary" onClick={() => go(AUDIT)}>{w('openAudit')}</Button>}</div></On>
    </Step>
  )
}

/** The last step is the visitor's own data; it ends with an import of theirs. */
function Own({ cards }: Props) {
  const me = useMe()
  const { since } = useTour()
  const boss = director(cards)
  const there = location.pathname.includes(at.imports(OBJECT))
  const onPhone = matchMedia('(max-width: 640px)').matches
  const { data } = useQuery({ queryKey: ['tour', 'own', me.id], queryFn: () => call('imports', { query: { object: OBJECT, limit: 5 } }), enabled: me.id === boss?.member, refetchInterval: EVERY, retry: false })
  const brought = data?.items.some(({ mine, state, at: when }) => mine && state === 'done' && (since === null || when > since)) ?? false
  useEffect(() => { if (brought) stepDone('own') }, [brought])
  return (
    <Step title={w('own')} help={w('ownHelp')}>
      <On card={boss} to={onPhone ? at.home : at.imports(OBJECT)}>
        {!there && !onPhone && <div className={css.acts}><Button small look="primary" onClick={() => go(at.imports(OBJECT))}>{w('openImport')}</Button></div>}
        <span className="hint">{w(onPhone ? 'ownDesk' : 'ownWaiting')}</span>
      </On>
    </Step>
  )
}

const RULE = at.rule('r1_tag')

/** A draft of the rule, tried on what really happened. */
function Replay({ cards }: Props) {
  const there = location.pathname.endsWith(RULE)
  useEffect(() => queries.getQueryCache().subscribe(({ query }) => { if (query.queryKey[0] === 'trial' && (query.state.data as { state?: string } | undefined)?.state === 'done') stepDone('replay') }), [])
  return <Step title={w('replay')} help={w('replayHelp')}><On card={director(cards)} to={RULE}>{!there && <div className={css.acts}><Button small look="primary" onClick={() => go(RULE)}>{w('openRule')}</Button></div>}</On>{there && <span className="hint">{w('waiting')}</span>}</Step>
}

export const SCREENS: Readonly<Record<StepKey, ComponentType<Props>>> = { submit: Submit, owner: Owner, why: Why, pass: Pass, told: Told, restless: Restless, replay: Replay, own: Own }
