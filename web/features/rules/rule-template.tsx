import { stepsIn, type Rule } from '#language/definitions'
import { useVersions, type Definition } from '../../api/definitions.ts'
import { Button } from '../../design/button.tsx'
import { Panel } from '../../design/pieces.tsx'
import { label, t } from '../../i18n/index.ts'
import { pilotText } from './rule-pilot.tsx'
import css from './rules.module.css'
import { conditionParts, restOf, stepText, whenText, type Speaker } from './speech.ts'
import { useSpeaker } from './use-speaker.ts'

/** What was changed of a rule that came with a solution, and the way back. Nothing is shown where it is as it came. */
export function RuleTemplate({ stored, onTake }: { stored: Definition<'rule'>; onTake: (body: Rule) => void }) {
  const speaker = useSpeaker()
  const { data } = useVersions('rule', stored.key)
  const template = data?.template as unknown as Rule | null | undefined
  if (!template || !('trigger' in template)) return null
  const parts = apart(speaker, template, stored.body)
  if (parts.length === 0) return null
  return (
    <Panel title={t('rules.fromTemplate')} hint={t('rules.fromTemplateHint')} acts={<Button small icon="history" onClick={() => onTake(template)}>{t('rules.asTemplate')}</Button>} flush={false}>
      <dl className={css.apart}>{parts.map(({ name, was, is }) => (
        <div key={name}><dt>{name}</dt><dd>{was.map((text) => <p key={text}><span className="hint">{t('rules.templateHas')}</span> <s>{text}</s></p>)}{is.map((text) => <p key={text}><span className="hint">{t('rules.templateNow')}</span> {text}</p>)}</dd></div>
      ))}</dl>
    </Panel>
  )
}

interface Apart { name: string; was: string[]; is: string[] }

/** Part by part, in words; of lists only what one side has. */
function apart(speaker: Speaker, template: Rule, mine: Rule): Apart[] {
  const said = (rule: Rule): [string, string[]][] => {
    const object = rule.trigger.object
    const conditions = conditionParts(speaker, object, restOf(speaker, rule))
    return [
      [t('rules.when'), [whenText(speaker, rule)]],
      [t('rules.if'), conditions.length > 0 ? conditions : [t('rules.anyCase')]],
      [t('rules.deeds'), stepsIn(rule.actions).map(({ step, each }) => stepText(speaker, each && each !== step ? each.object : object, step))],
      [t('rules.name'), [label(rule.label)]],
      [t('rules.team'), [rule.team === undefined ? t('rules.wholeCompany') : (speaker.catalogue.team(rule.team)?.name ?? '')]],
      [t('rules.pilotFor'), [rule.pilot ? pilotText(speaker.catalogue, rule.pilot) : t('rules.pilotAll')]],
      [t('rules.priority'), [String(rule.priority)]],
      [t('rules.required'), [t(rule.required ? 'common.yes' : 'common.no')]],
    ]
  }
  const now = said(mine)
  return said(template).flatMap(([name, was], at) => {
    const is = now[at]![1]
    const [gone, come] = [was.filter((text) => !is.includes(text)), is.filter((text) => !was.includes(text))]
    if (gone.length + come.length > 0) return [{ name, was: gone, is: come }]
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ name, was: [], is: [t('rules.otherOrder')] }]
  })
}
