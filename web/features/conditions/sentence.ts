import { checkCondition, toSentence, type Condition, type ConditionSchema, type Problem, type Profile, type SentenceNames } from '#language/conditions'
import type { Catalogue } from '../../api/catalogue.ts'
import { zone } from '../../api/clock.ts'
import { label, lang } from '../../i18n/index.ts'

/** What conditions may speak about, as far as this member may see it. */
export function schemaFor(catalogue: Catalogue, object: string): ConditionSchema {
  return {
    object,
    field: (of, key) => {
      if (key === 'id') return catalogue.object(of) && { kind: 'reference' }
      const field = catalogue.object(of)?.field.get(key)
      return field && { kind: field.kind, dictionary: field.dictionary, to: field.to }
    },
    optionsUnder: (dictionary, key) => below(catalogue, dictionary, key),
    tagId: (key) => catalogue.tag(key)?.id,
  }
}

function below(catalogue: Catalogue, dictionary: string, key: string): string[] {
  const options = catalogue.options(dictionary)
  const found = new Set(options.some((option) => option.key === key) ? [key] : [])
  for (const each of found) for (const option of options) if (option.parent === each) found.add(option.key)
  return [...found]
}

export function namesOf(catalogue: Catalogue, records: Readonly<Record<string, { title: string }>> = {}): SentenceNames {
  return {
    field: (object, key) => label(catalogue.object(object)?.field.get(key)?.label) || undefined,
    object: (key) => label(catalogue.object(key)?.label) || undefined,
    option: (dictionary, key) => label(catalogue.option(dictionary, key)?.label) || undefined,
    tag: (key) => label(catalogue.tag(key)?.label) || undefined,
    member: (id) => catalogue.member(id)?.name,
    team: (id) => catalogue.team(id)?.name,
    record: (id) => records[id.split(':').at(-1)!]?.title,
    zone: zone(),
  }
}

export type Reading = { ok: true; sentence: string } | { ok: false; problems: Problem[] }
/** The condition as people say it, or what is wrong with it. */
export function read(catalogue: Catalogue, object: string, condition: Condition, profile: Profile = 'filter'): Reading {
  const result = checkCondition(condition, schemaFor(catalogue, object), profile)
  return result.ok ? { ok: true, sentence: toSentence(result.checked, lang(), namesOf(catalogue)) } : { ok: false, problems: result.problems }
}

export const isAlways = (condition: Condition): boolean => 'all' in condition && condition.all.length === 0
