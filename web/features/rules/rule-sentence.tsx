import type { Action, Rule } from '#language/definitions'
import { useRef, useState, type ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { MenuButton } from '../../design/popover.tsx'
import { Popover } from '../../design/popover.tsx'
import { t, type WordKey } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways, read } from '../conditions/sentence.ts'
import { ActionEditor } from './action-editor.tsx'
import { newAction, NEW_ACTIONS } from './new-action.ts'
import css from './rules.module.css'
import { actionText, conditionParts, targetOf, triggerText, type Speaker } from './speech.ts'
import { TriggerEditor } from './trigger-editor.tsx'
import { useSpeaker } from './use-speaker.ts'

interface Props { rule: Rule; onChange: (rule: Rule) => void }

/** 「当 …，如果 …，就 …」; each underlined part opens its own editor. */
export function RuleSentence({ rule, onChange }: Props) {
  const speaker = useSpeaker()
  const object = rule.trigger.object
  const parts = conditionParts(speaker, object, rule.condition)
  const put = (at: number, action: Action) => onChange({ ...rule, actions: rule.actions.map((each, index) => (index === at ? action : each)) })
  const drop = (at: number) => onChange({ ...rule, actions: rule.actions.filter((_, index) => index !== at) })
  const condition = <Builder object={object} profile="rule" value={rule.condition} onChange={(next) => onChange({ ...rule, condition: next })} empty={t('rules.always')} />
  return (
    <div className={css.sent}>
      <span className={css.k}>{t('rules.when')}</span> <Part name={t('rules.editTrigger')} text={triggerText(speaker, rule.trigger)}><TriggerEditor value={rule.trigger} onChange={(trigger) => onChange(retargeted(rule, trigger))} /></Part>{t('common.comma')}
      <span className={css.k}>{t('rules.if')}</span> {isAlways(rule.condition) ? <Part quiet name={t('rules.editCondition')} text={t('rules.anyCase')}>{condition}</Part> : parts.map((part, at) => <span key={at}>{at > 0 && <span className={css.k}>{t('rules.andGap')}</span>}<Part name={t('rules.editCondition')} text={part}>{condition}</Part></span>)}{t('common.comma')}
      <div className={css.deeds}>
        <span className={css.k}>{t('rules.deeds')}</span>
        <ol>
          {rule.actions.map((action, at) => (
            <li key={at}>
              <Guard speaker={speaker} object={object} action={action} />
              <Part wide name={t('rules.editAction')} text={actionText(speaker, object, action)} foot={<Button small look="danger" icon="trash" onClick={() => drop(at)}>{t('rules.removeAction')}</Button>}><ActionEditor object={object} value={action} onChange={(next) => put(at, next)} /></Part>
              {at < rule.actions.length - 1 ? t('common.comma') : t('common.stop')}
            </li>
          ))}
          <li className={css.add}><MenuButton small icon="plus" label={t('rules.addAction')} side="below" entries={NEW_ACTIONS.map((kind) => ({ key: kind, label: t(`rules.do_${kind}` as WordKey), onPick: () => onChange({ ...rule, actions: [...rule.actions, newAction(speaker, object, kind)] }) }))}>{t('rules.addAction')}</MenuButton></li>
        </ol>
      </div>
    </div>
  )
}

/** Another object knows none of the old one's fields: what spoke of them is begun anew. */
const retargeted = (rule: Rule, trigger: Rule['trigger']): Rule => (trigger.object === rule.trigger.object ? { ...rule, trigger } : { ...rule, trigger, condition: { all: [] }, actions: [] })

function Guard({ speaker, object, action }: { speaker: Speaker; object: string; action: Action }) {
  if (!action.if || isAlways(action.if)) return null
  const reading = read(speaker.catalogue, targetOf(speaker.catalogue, object, action), action.if, 'filter')
  return <span className={css.guard}>{t('rules.guard', { text: reading.ok ? reading.sentence : t('rules.unfinished') })}</span>
}

function Part({ text, name, children, foot, quiet, wide }: { text: string; name: string; children: ReactNode; foot?: ReactNode; quiet?: boolean; wide?: boolean }) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button ref={anchor} type="button" className={css.part} data-quiet={quiet} aria-haspopup="dialog" aria-expanded={open} title={name} onClick={() => setOpen(!open)}>{text}</button>
      {open && (
        <Popover anchor={anchor} label={name} className={wide ? css.wide : css.editor} onClose={() => setOpen(false)}>
          <div className={css.edit}>{children}</div>
          <footer className={css.foot}>{foot}<span className="grow" /><Button small look="primary" onClick={() => setOpen(false)}>{t('common.done')}</Button></footer>
        </Popover>
      )}
    </>
  )
}
