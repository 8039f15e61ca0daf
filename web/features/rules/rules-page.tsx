import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useCatalogue } from '../../api/catalogue.ts'
import { putDefinition, useDefinitions, type Definition, type RuleState } from '../../api/definitions.ts'
import { NoRight, Page } from '../../app/page.tsx'
import { at } from '../../app/paths.ts'
import { Button } from '../../design/button.tsx'
import { Input, Switch } from '../../design/field.tsx'
import { ago, number } from '../../design/format.ts'
import { Icon } from '../../design/icons.tsx'
import { Empty, Failure, Panel, sentenceOf, Skeleton, Tag } from '../../design/pieces.tsx'
import { say, sayTrouble } from '../../design/toast.tsx'
import { useKeptFocus } from '../../design/kept-focus.ts'
import { label, t } from '../../i18n/index.ts'
import { Checkup } from './checkup.tsx'
import { isFound } from './find.ts'
import { Gradings } from './gradings.tsx'
import { groupName, groupsOf, inOrder, unproven } from './groups.ts'
import css from './rules.module.css'
import { pilotText } from './rule-pilot.tsx'
import { mayBuild } from './rule-team.tsx'
import { ruleText } from './speech.ts'
import { useHealth } from './use-health.ts'
import { useSpeaker } from './use-speaker.ts'

/** What happens by itself: rules that are on first, by group; the others stand ready as templates. */
export default function RulesPage() {
  useKeptFocus()
  const catalogue = useCatalogue()
  const { data, error, refetch } = useDefinitions('rule')
  const health = useHealth(mayBuild(catalogue))
  if (!mayBuild(catalogue)) return <NoRight title={t('rules.title')} right={t('rules.title')} />
  const on = data?.filter(({ state }) => state === 'active') ?? []
  return (
    <Page title={t('rules.title')} hint={!catalogue.can('rules') ? t('rules.onlyTeams') : data && t('rules.hint', { on: on.length, groups: groupsOf(on).length })} acts={<>{catalogue.can('rules') && <Link to={at.runs} className="link">{health && health.failed + health.parked > 0 ? t('rules.runsToSee', { count: number(health.failed + health.parked) }) : t('rules.allRuns')}</Link>}<Link to={at.rule('new')} className={css.primary}>{t('rules.new')}</Link></>}>
      {error ? <Panel label={t('rules.title')}><Failure error={error} onRetry={refetch} /></Panel> : !data ? <Panel label={t('rules.title')}><Skeleton rows={8} height={64} /></Panel> : <Found all={data} many={manyHint(on, health)} />}
    </Page>
  )
}

/** Which of the first three groups have not shown yet what they do, once there are more. */
function manyHint(on: readonly Definition<'rule'>[], health: ReturnType<typeof useHealth>): string | undefined {
  const waiting = health ? unproven(groupsOf(on), (rule) => (health.rules[rule]?.done ?? 0) > 0) : []
  return waiting.length > 0 ? t('rules.manyHint', { which: waiting.map(([first]) => t('rules.groupQuoted', { name: groupName(first!) })).join('') }) : undefined
}

/** All rules, or those with the words that are looked for in their names and in what they do. */
function Found({ all, many }: { all: readonly Definition<'rule'>[]; many: string | undefined }) {
  const speaker = useSpeaker()
  const { catalogue } = speaker
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const found = wanted === '' ? all : all.filter(({ body }) => isFound(wanted, [body.group, label(body.label), catalogue.team(body.team ?? 0)?.name, ruleText(speaker, body)]))
  const [running, paused, templates] = (['active', 'paused', 'template'] as const).map((state) => found.filter((rule) => rule.state === state)) as [Definition<'rule'>[], Definition<'rule'>[], Definition<'rule'>[]]
  return (
    <>
      <div className={css.find} role="search" aria-label={t('rules.find')}>
        <Input type="search" aria-label={t('rules.find')} placeholder={t('rules.find')} value={text} maxLength={100} onText={setText} before={<Icon name="search" />} />
        <span className="hint" role="status">{wanted !== '' && found.length > 0 && t('rules.found', { count: number(found.length) })}</span>
      </div>
      {found.length === 0 && wanted !== '' && <Panel label={t('rules.find')}><Empty icon="search" title={t('rules.noneFound', { text: wanted })} act={<Button onClick={() => setText('')}>{t('rules.findAll')}</Button>}>{t('rules.noneFoundHelp')}</Empty></Panel>}
      {(running.length > 0 || wanted === '') && <Groups rules={running} title={t('rules.running')} hint={wanted === '' ? many : undefined} empty={t('rules.noneOn')} next={t('rules.beginHere')} />}
      {paused.length > 0 && <Groups rules={paused} title={t('rules.paused')} hint={t('rules.pausedHint')} />}
      {wanted === '' && <Checkup />}
      {wanted === '' && catalogue.can('rules') && <Gradings />}
      {templates.length > 0 && <Groups rules={templates} title={t('rules.templates')} hint={t('rules.templatesHint')} />}
    </>
  )
}

function Groups({ rules, title, hint, empty, next }: { rules: Definition<'rule'>[]; title: string; hint: string | undefined; empty?: string; next?: string }) {
  const groups = Map.groupBy(inOrder(rules), (rule) => rule.body.group ?? '')
  return (
    <Panel title={title} hint={hint}>
      {rules.length === 0 && <Empty icon="bolt" title={empty}>{next}</Empty>}
      {[...groups].map(([group, members]) => (
        <section key={group} className={css.group}>
          <div className={css.groupName}>{group && t('rules.groupNamed', { name: group })}</div>
          <ul>{members.map((rule) => <Row key={rule.key} rule={rule} />)}</ul>
        </section>
      ))}
    </Panel>
  )
}

/** The last seven days in one line; what failed says why. */
function Health({ health }: { health: { done: number; failed: number; last: string | null; problem: string | null; waiting: number } | undefined }) {
  if (!health?.last) return <span className={css.health}>{t('rules.neverRan')}</span>
  return (
    <span className={css.health}>
      {t('rules.ran', { count: number(health.done), when: ago(health.last) })}
      {health.waiting > 0 && <span>{t('rules.waitingNow', { count: number(health.waiting) })}</span>}
      {health.failed > 0 && <span className="danger" title={health.problem ?? undefined}>{t('rules.failedTimes', { count: number(health.failed) })}</span>}
    </span>
  )
}

function Row({ rule }: { rule: Definition<'rule'> }) {
  const speaker = useSpeaker()
  const health = useHealth()?.rules[rule.key]
  const name = label(rule.body.label)
  const put = (state: RuleState) => putDefinition('rule', { key: rule.key, body: rule.body, state, expectVersion: rule.version })
  const toggle = async (on: boolean) => {
    const before = rule.state as RuleState
    try {
      await put(on ? 'active' : 'paused')
      say(t(on ? 'rules.activated' : 'rules.pausedSaid', { name }), () => putDefinition('rule', { key: rule.key, body: rule.body, state: before }))
    } catch (error) {
      sayTrouble(sentenceOf(error))
    }
  }
  return (
    <li className={css.row}>
      <Link to={at.rule(rule.key)} className={css.rule}>
        <b>{name}</b>{rule.body.team !== undefined && <Tag>{speaker.catalogue.team(rule.body.team)?.name}</Tag>}{rule.body.pilot && <Tag colour="amber">{t('rules.pilotTag', { who: pilotText(speaker.catalogue, rule.body.pilot) })}</Tag>}
        <span className={css.sentence}>{ruleText(speaker, rule.body)}</span>
        {rule.state === 'active' && <Health health={health} />}
      </Link>
      <Switch checked={rule.state === 'active'} onCheck={(on) => void toggle(on)} aria-label={t('rules.switchNamed', { name })} />
    </li>
  )
}
