import type { Rule } from '#language/definitions'
import { t } from '../../i18n/index.ts'
import { Builder } from '../conditions/builder.tsx'
import { isAlways } from '../conditions/sentence.ts'
import { Part, Parts } from './part.tsx'
import css from './rules.module.css'
import { conditionParts, restOf, whenText, withRest } from './speech.ts'
import { StepList } from './step-list.tsx'
import { TriggerEditor } from './trigger-editor.tsx'
import { useSpeaker } from './use-speaker.ts'

interface Props { rule: Rule; onChange: (rule: Rule) => void }

/** 「当 …，如果 …，就 …」; each underlined part opens its own editor. */
export function RuleSentence({ rule, onChange }: Props) {
  const speaker = useSpeaker()
  const object = rule.trigger.object
  const rest = restOf(speaker, rule)
  const parts = isAlways(rest) ? [] : conditionParts(speaker, object, rest)
  const condition = <Builder object={object} profile="rule" value={rest} onChange={(next) => onChange({ ...rule, condition: withRest(speaker, rule, next) })} empty={t('rules.always')} />
  return (
    <div className={css.sent}>
      <span className={css.k}>{t('rules.when')}</span> <Part after={t('common.comma')} name={t('rules.editTrigger')} text={whenText(speaker, rule)}><TriggerEditor self={rule.key} value={rule.trigger} condition={rule.condition} onCondition={(condition) => onChange({ ...rule, condition })} onChange={(trigger) => onChange(retargeted(rule, trigger))} /></Part>
      <span className={css.k}>{t('rules.if')}</span> <Parts after={t('common.comma')} between={t('rules.andGap')} quiet={parts.length === 0} name={t('rules.editCondition')} texts={parts.length === 0 ? [t('rules.anyCase')] : parts}>{condition}</Parts>
      <div className={css.deeds}>
        <span className={css.k}>{t('rules.deeds')}</span>
        <StepList object={object} steps={rule.actions} onChange={(actions) => onChange({ ...rule, actions })} />
      </div>
    </div>
  )
}

/** Another object knows none of the old one's fields: what spoke of them is begun anew. */
const retargeted = (rule: Rule, trigger: Rule['trigger']): Rule => (trigger.object === rule.trigger.object ? { ...rule, trigger } : { ...rule, trigger, condition: { all: [] }, actions: [] })
