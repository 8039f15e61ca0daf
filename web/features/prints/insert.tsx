import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { MenuButton, type MenuEntry } from '../../design/popover.tsx'
import { label, t } from '../../i18n/index.ts'

export interface PathFact { path: string; name: string; kind: string }

/** What may stand in a paper of this object: its fields, and those of what it points to. */
export function pathsOf(catalogue: Catalogue, object: string): PathFact[] {
  const own = catalogue.object(object)?.fields.filter((field) => field.kind !== 'file') ?? []
  const far = own.flatMap((field) => (field.kind === 'reference' && typeof field.to === 'string' ? (catalogue.object(field.to)?.fields ?? []).filter((each) => !each.base && each.kind !== 'file').map((each) => ({ path: `${field.key}.${each.key}`, name: `${label(field.label)} · ${label(each.label)}`, kind: each.kind })) : []))
  return [...own.map((field) => ({ path: field.key, name: label(field.label), kind: field.kind })), ...far]
}

/** Puts a placeholder behind the text. */
export function Insert({ object, onInsert }: { object: string; onInsert: (placeholder: string) => void }) {
  const paths = pathsOf(useCatalogue(), object)
  const entry = (path: string, name: string): MenuEntry => ({ key: path, label: name, onPick: () => onInsert(`{{${path}}}`) })
  const entries: MenuEntry[] = [
    ...(['company', 'today', 'me'] as const).map((word) => entry(`$${word}`, t(`prints.word_${word}`))), 'line',
    ...paths.flatMap(({ path, name, kind }) => [entry(path, name), ...(kind === 'money' ? [entry(`${path}:capital`, t('prints.inCapitals', { field: name }))] : [])]),
  ]
  return <MenuButton small look="quiet" label={t('prints.insert')} entries={entries}>{t('prints.insert')}</MenuButton>
}
