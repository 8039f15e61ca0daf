import type { Form } from '#language/definitions'
import { tenantPrefix } from '../../app/paths.ts'
import { lang } from '../../i18n/index.ts'

const base = (): string => `${location.origin}${tenantPrefix()}`
/** The hosted page of a form. */
/** Where other systems post to a rule. */
export const pushUrl = (rule: string): string => `${base()}/intake/pushes/${rule}`
export const publicUrl = (key: string): string => `${base()}/f/${key}`
export const intakeUrl = (key: string): string => `${base()}/intake/forms/${key}`

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

/** Plain HTML for one's own site: no script of ours, a trap that only machines fill, and the consent that the form promises. */
export function snippet(form: Form): string {
  const rows = form.fields.map((field) => `  <label>${escaped(field.label[lang()])}<input name="${field.name}"${field.field === form.identity.field && form.identity.kind === 'phone' ? ' type="tel"' : ''}${field.required ? ' required' : ''}></label>`)
  return [
    `<form action="${intakeUrl(form.key)}" method="post">`,
    ...rows,
    `  <input name="${form.honeypot}" tabindex="-1" autocomplete="off" hidden>`,
    `  <label><input type="checkbox" name="consent" value="true" required>${escaped(form.consent.text[lang()])}</label>`,
    `  <button>${lang() === 'zh' ? '提交' : 'Send'}</button>`,
    '</form>',
  ].join('\n')
}
