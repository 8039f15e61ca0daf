import type { Policy, Whom } from '#language/definitions'
import type { Catalogue } from '../../api/catalogue.ts'
import { label, t } from '../../i18n/index.ts'
import { isAlways, read } from '../conditions/sentence.ts'

/** A policy as a colleague would say it: whom it concerns, when, and what they then may or may not. */
export function policyText(catalogue: Catalogue, policy: Policy): string {
  const object = catalogue.object(policy.object)
  const name = label(object?.label) || policy.object
  const reading = policy.when && !isAlways(policy.when) ? read(catalogue, policy.object, policy.when) : null
  const which = reading ? t('policies.sayWhich', { object: name, when: reading.ok ? reading.sentence : t('policies.broken') }) : t('policies.sayEvery', { object: name })
  return [whoText(catalogue, policy), ...circumstancesText(policy), which, whatText(catalogue, policy)].join(t('policies.comma'))
}

function whoText(catalogue: Catalogue, { who, except }: Policy): string {
  const whom = who ? namesOf(catalogue, who).join(t('common.listGap')) : t('policies.everybody')
  return except ? t('policies.sayExcept', { who: whom, except: namesOf(catalogue, except).join(t('common.listGap')) }) : whom
}

export const namesOf = (catalogue: Catalogue, { roles = [], teams = [], members = [], relations = [] }: Whom): string[] => [
  ...roles.map((key) => label(catalogue.role(key)?.label) || key),
  ...teams.map((id) => catalogue.team(id)?.name ?? `#${id}`),
  ...members.map((id) => catalogue.member(id)?.name ?? `#${id}`),
  ...relations.map((relation) => t(`policies.relation_${relation}`)),
]

function circumstancesText({ scenarios, time, network }: Policy): string[] {
  return [
    ...(scenarios ? [t('policies.sayScenarios', { names: scenarios.map((each) => t(`policies.scenario_${each}`)).join(t('common.listGap')) })] : []),
    ...(time ? [t(`policies.time_${time}`)] : []),
    ...(network ? [t(network.inside ? 'policies.inside' : 'policies.outside')] : []),
  ]
}

function whatText(catalogue: Catalogue, { object, effect, fields, actions, stealth }: Policy): string {
  const nameOf = (key: string) => (key === '*' ? t('policies.allFields') : label(catalogue.object(object)?.field.get(key)?.label) || key)
  const said = Object.entries(fields).flatMap(([key, { read: state, write }]) => [
    ...(state !== undefined && state !== (effect === 'limit' ? 'full' : 'hidden') ? [t(`policies.${effect}_${state}`, { field: nameOf(key) })] : []),
    ...(write === (effect === 'allow') ? [t(effect === 'limit' ? 'policies.noWrite' : 'policies.mayWrite', { field: nameOf(key) })] : []),
  ])
  const trace = stealth && Object.values(fields).some(({ read: state }) => state === 'hidden') ? [t('policies.sayStealth')] : []
  const acts = actions.length > 0 ? [t(effect === 'limit' ? 'policies.noActions' : 'policies.mayActions', { names: actions.map((action) => t(`roles.do_${action}`)).join(t('common.listGap')) })] : []
  return [...said, ...trace, ...acts].join(t('policies.semicolon')) || t('policies.nothingYet')
}
