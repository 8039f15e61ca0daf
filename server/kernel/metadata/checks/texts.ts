import type { Recipient } from '#language/definitions'
import { checkOnDuty } from './duty.ts'
import { type Finding, finding, findings, under } from './finding.ts'
import type { Reader } from './reader.ts'

/** Those who are told or asked exist. */
export const checkRecipients = (to: readonly Recipient[], target: string, reader: Reader): Finding[] =>
  to.flatMap((each, i) => ('role' in each ? reader.role(`to.${i}.role`, each.role) : 'field' in each ? reader.field(`to.${i}.field`, target, each.field, 'member', 'members') : 'onDuty' in each ? under(`to.${i}`, checkOnDuty(each.onDuty, target, reader)) : []))

/** Every `{{field}}` of a text names a field of the record that it is about, every `{{pushed.name}}` what is taken from what another system sends. */
export const checkText = (path: string, text: string, { target, sent, reader }: { target: string; sent: ReadonlySet<string>; reader: Reader }): Finding[] =>
  [...text.matchAll(/\{\{(.*?)\}\}/gs)].flatMap(([, inner]) => (inner!.trim().startsWith('pushed.') ? checkSent(path, inner!.trim().slice(7), sent) : reader.field(path, target, inner!.trim())))

export const checkSent = (path: string, name: string, sent: ReadonlySet<string>): Finding[] =>
  findings(!sent.has(name) && finding(path, `收到的推送里没有取「${name}」`, `Nothing called “${name}” is taken from what is sent`))
