import type { Label } from '#language/definitions'
import type { Metadata } from './types.ts'

/** How the rules behind one act are called: the one rule's name, or the first with how many there were. */
export function rulesTitle(metadata: Metadata, keys: readonly string[], lang: 'zh' | 'en'): string {
  const first = keys[0] ?? ''
  const name = ruleLabel(metadata, first)?.[lang] ?? first
  if (keys.length < 2) return name
  return lang === 'zh' ? `${name} 等 ${keys.length} 条规则` : `${name} and ${keys.length - 1} more`
}

/** What acts under this key is called: a rule, a grading (`grading:…`, a second run `#2`), a segment (`segment:…`). */
export const ruleLabel = ({ rules, gradings, tags }: Pick<Metadata, 'rules' | 'gradings' | 'tags'>, key: string): Label | undefined => {
  const name = key.replace(/#\d+$/, '')
  return (rules.get(name) ?? gradings.get(name.replace(/^grading:/, '')) ?? tags.byKey.get(name.replace(/^segment:/, '')))?.label
}

/** What a source is called: a form, a tracking link, or a rule's address to which other systems post. */
export function sourceName({ forms, rules }: Pick<Metadata, 'forms' | 'rules'>, form: string, lang: 'zh' | 'en'): string {
  if (form.startsWith('link:')) return lang === 'zh' ? `追踪链接「${form.slice(5)}」` : `tracking link “${form.slice(5)}”`
  const rule = form.startsWith('push:') ? rules.get(form.slice(5))?.label[lang] : undefined
  return rule === undefined ? (forms.get(form)?.label[lang] ?? form) : lang === 'zh' ? `外部推送 · ${rule}` : `pushed · ${rule}`
}

/** As an actor; `said`: its name says what it is, where a form has a name alone. */
export const sourceActor = (metadata: Pick<Metadata, 'forms' | 'rules'>, form: string, lang: 'zh' | 'en'): { kind: 'source'; name: string; said?: true } =>
  ({ kind: 'source', name: sourceName(metadata, form, lang), ...(/^(link|push):/.test(form) && { said: true }) })

/** What the values of a field are called, where forms say so: a download is known by its key and read by its name. */
export function namedValues({ forms }: Metadata, object: string, field: string): Readonly<Record<string, Label>> | undefined {
  const offered = [...forms.values()].filter(({ behaviour }) => behaviour?.object === object && behaviour.material === field).flatMap(({ materials = [] }) => materials)
  return offered.length > 0 ? Object.fromEntries(offered.map(({ key, label }) => [key, label])) : undefined
}
