import { type Context, memberRows } from '#kernel/access'
import type { SentenceNames } from '#language/conditions'
import { BASE_FIELDS } from '#language/definitions'

export type Lang = 'zh' | 'en'

/** What everything is called in one language. Reads no statement once the epoch is cached. */
export async function namesOf({ tx, metadata, tenant }: Context, lang: Lang): Promise<SentenceNames> {
  const members = await memberRows(tx)
  const field = (object: string, key: string) => metadata.objects.get(object)?.field.get(key)?.label[lang] ?? BASE_FIELDS[key as keyof typeof BASE_FIELDS]?.label[lang]
  return {
    zone: tenant.zone, field,
    object: (key) => metadata.objects.get(key)?.label[lang],
    option: (dictionary, key) => metadata.dictionaries.get(dictionary)?.byKey.get(key)?.label[lang],
    tag: (key) => metadata.tags.byKey.get(key)?.label[lang],
    member: (id) => members.get(id)?.name,
    team: (id) => metadata.teams.get(id)?.name,
  }
}
