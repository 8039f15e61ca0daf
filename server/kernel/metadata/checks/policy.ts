import { isIP } from 'node:net'
import type { Policy, Whom } from '#language/definitions'
import { type Finding, finding, findings } from './finding.ts'
import type { Reader } from './reader.ts'
import { checkMask } from './settings.ts'

/** What a policy names is there, and it says something. */
export const checkAccessPolicy = (policy: Policy, reader: Reader): Finding[] =>
  findings(
    reader.object('object', policy.object),
    policy.when && reader.condition('when', policy.object, policy.when, 'filter', 'member'),
    checkWhom('who', policy.who, reader), checkWhom('except', policy.except, reader),
    (policy.network?.ranges ?? []).flatMap((range, i) => checkRange(`network.ranges.${i}`, range)),
    Object.entries(policy.fields).filter(([key]) => key !== '*').flatMap(([key, { read }]) => findings(
      reader.objectOf(policy.object) && !reader.objectOf(policy.object)!.field.has(key) && finding(`fields.${key}`, `「${policy.object}」没有字段「${key}」`, `“${policy.object}” has no field “${key}”`),
      read !== undefined && checkMask(`fields.${key}`, policy.object, [key, read], reader))),
    policy.stealth === true && (policy.effect !== 'limit' || Object.values(policy.fields).every(({ read }) => read !== 'hidden')) && finding('stealth', '只有让字段「不可见」的限制才能不留痕迹', 'Only a limit that hides a field can leave no trace'),
    saysNothing(policy) && finding('fields', '请至少选择一个字段或一项操作', 'Choose at least one field or one action'),
    policy.effect === 'allow' && policy.scenarios?.includes('automation') && finding('scenarios', '自动化规则不需要授予', 'Rules need no permission given to them'),
  )

const saysNothing = ({ effect, fields, actions }: Policy): boolean =>
  actions.length === 0 && Object.values(fields).every(({ read, write }) => (effect === 'limit' ? (read ?? 'full') === 'full' && write !== false : (read ?? 'hidden') === 'hidden' && write !== true))

const checkWhom = (path: string, { roles = [], teams = [] }: Whom = {}, reader: Reader): Finding[] =>
  findings(
    roles.flatMap((role, i) => reader.role(`${path}.roles.${i}`, role)),
    teams.flatMap((team, i) => (reader.metadata.teams.has(team) ? [] : [finding(`${path}.teams.${i}`, '没有这个部门', 'There is no such team')])),
  )

function checkRange(path: string, range: string): Finding[] {
  const [address, bits] = range.split('/')
  const kind = isIP(address!)
  return kind > 0 && Number(bits) <= (kind === 4 ? 32 : 128) ? [] : [finding(path, `「${range}」不是网段，例如 10.0.0.0/8`, `“${range}” is no range of addresses such as 10.0.0.0/8`)]
}
