import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Switch } from '../../design/field.tsx'
import { ago, number, onTheClock } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, Skeleton, Tag } from '../../design/pieces.tsx'
import { label, lang, t } from '../../i18n/index.ts'
import css from './own-automation.module.css'
import { ownQuery, settle, slotText, type Answer, type Slot } from './query.ts'
import { SlotForm } from './slot-form.tsx'

/** Which rules work on my records, and what I have settled about that. */
export function OwnAutomation() {
  const { data, error, refetch } = useQuery(ownQuery)
  if (error) return <Panel label={t('ownAutomation.title')}><Failure error={error} onRetry={refetch} /></Panel>
  if (!data) return <Panel label={t('ownAutomation.title')}><Skeleton rows={6} height={56} /></Panel>
  const near = data.rules.filter(({ key, done }) => done > 0 || data.settings.paused.includes(key))
  const others = data.rules.filter((rule) => !near.includes(rule))
  return (
    <>
      <Slots answer={data} />
      <Panel title={t('ownAutomation.rules')} hint={near.length || undefined}>
        {near.length === 0 && <Empty icon="bolt" title={t('ownAutomation.none')}>{t('ownAutomation.noneHelp')}</Empty>}
        <ul>{near.map((rule) => <Row key={rule.key} answer={data} rule={rule} />)}</ul>
      </Panel>
      {others.length > 0 && <Panel title={t('ownAutomation.others')} hint={others.length}><ul>{others.map((rule) => <Row key={rule.key} answer={data} rule={rule} />)}</ul></Panel>}
    </>
  )
}

function Row({ answer: { settings }, rule }: { answer: Answer; rule: Answer['rules'][number] }) {
  const name = label(rule.label)
  const paused = settings.paused.includes(rule.key)
  const turn = (on: boolean) => settle(settings, { paused: on ? settings.paused.filter((key) => key !== rule.key) : [...settings.paused, rule.key] }, t(on ? 'ownAutomation.resumedSaid' : 'ownAutomation.pausedSaid', { name }))
  return (
    <li className={css.row}>
      <div className="grow">
        <div className={css.name}><b>{name}</b>{paused && <Tag colour="amber">{t('ownAutomation.paused')}</Tag>}{rule.required && <span title={t('ownAutomation.requiredHelp')}><Tag>{t('ownAutomation.required')}</Tag></span>}</div>
        <What rule={rule} />
        {rule.last && <p className="hint">{t('ownAutomation.done', { count: number(rule.done), when: ago(rule.last) })}</p>}
      </div>
      <Switch checked={!paused} disabled={rule.required && !paused} onCheck={(on) => void turn(on)} aria-label={t('ownAutomation.turn', { name })} />
    </li>
  )
}

const open = (text: string): string => text.replace('…', t('ownAutomation.hidden'))
/** So many letters stand in one sentence; Latin ones are half as wide. */
const SHORT = { zh: 90, en: 180 }
const FIRST = 2

/** What it does: a short rule in one sentence, a long one by when it works and its first steps; the others on demand. */
function What({ rule: { sentence, when, steps } }: { rule: Answer['rules'][number] }) {
  const [whole, setWhole] = useState(false)
  const id = useId()
  const told = stepsOf(steps[lang()])
  const isPlain = told.length <= FIRST && told.every(({ inside }) => inside.length === 0)
  if (isPlain && (told.length === 1 || label(sentence).length <= SHORT[lang()])) return <p className="dense quiet">{open(label(sentence))}</p>
  return (
    <div className="dense quiet">
      <p>{t('ownAutomation.does', { when: open(label(when)) })}</p>
      <ol id={id} className={css.steps}>
        {(whole ? told : told.slice(0, FIRST)).map(({ text, inside }, at) => (
          <li key={at}>
            {open(text)}
            {whole && inside.length > 0 && <ul>{inside.map((line, no) => <li key={no} style={{ paddingInlineStart: (line.depth - 1) * 16 }}>{open(line.text)}</li>)}</ul>}
          </li>
        ))}
      </ol>
      {!isPlain && <button type="button" className={css.more} aria-expanded={whole} aria-controls={id} onClick={() => setWhole(!whole)}>{t(whole ? 'common.lessText' : 'common.wholeText')}</button>}
    </div>
  )
}

type Line = Answer['rules'][number]['steps']['zh'][number]
/** Its steps in a row, each with what stands inside it. */
function stepsOf(lines: readonly Line[]): { text: string; inside: Line[] }[] {
  const steps: { text: string; inside: Line[] }[] = []
  for (const line of lines) { if (line.depth === 0) steps.push({ text: line.text, inside: [] }); else steps.at(-1)?.inside.push(line) }
  return steps
}

function Slots({ answer: { settings, closedUntil, kept } }: { answer: Answer }) {
  const [adding, setAdding] = useState(false)
  const { slots } = settings
  const drop = (slot: Slot) => settle(settings, { slots: slots.filter((each) => each !== slot) }, t('ownAutomation.dropped', { slot: slotText(slot) }))
  const add = (slot: Slot) => settle(settings, { slots: [...slots, slot] }, t('ownAutomation.added', { slot: slotText(slot) }))
  const waiting = kept.notices + kept.outside > 0
  return (
    <Panel title={t('ownAutomation.slots')} acts={!adding && <Button small icon="plus" onClick={() => setAdding(true)}>{t('ownAutomation.addSlot')}</Button>} flush={false}>
      <div className={css.slots}>
        {(closedUntil || waiting) && <p className={css.now} role="status"><Icon name="clock" />{[closedUntil && t('ownAutomation.closedNow', { when: onTheClock(closedUntil) }), waiting && t('ownAutomation.kept', { notices: number(kept.notices), outside: number(kept.outside) })].filter(Boolean).join(' · ')}</p>}
        {slots.length > 0 && <ul className={css.chips}>{slots.map((slot) => <li key={JSON.stringify(slot)} className={css.chip}><span>{slotText(slot)}</span><button type="button" aria-label={t('ownAutomation.drop', { slot: slotText(slot) })} onClick={() => void drop(slot)}><Icon name="close" size={14} /></button></li>)}</ul>}
        {slots.length === 0 && !adding && <p>{t('ownAutomation.noSlots')}</p>}
        {adding && <SlotForm onAdd={async (slot) => { if (await add(slot)) setAdding(false) }} onClose={() => setAdding(false)} />}
        <p className="hint">{t('ownAutomation.slotsHelp')}</p>
      </div>
    </Panel>
  )
}
