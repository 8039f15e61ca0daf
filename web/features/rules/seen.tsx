import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { label, t } from '../../i18n/index.ts'
import type { Related } from '../records/value.tsx'
import { keptText } from './run-deed.tsx'

interface Kept { own?: Record<string, unknown>; parents?: Record<string, Kept>; [more: string]: unknown }

/** What a rule saw of the record and of what it points to, field by field; counts and what else it saw as they are kept. */
export function Seen({ about, seen, related }: { about: string; seen: unknown; related: Related }) {
  const catalogue = useCatalogue()
  const { own: _own, parents: _parents, ...more } = seen as Kept
  return (
    <>
      <ul>{linesOf({ catalogue, related }, about, seen as Kept).map(([name, text]) => <li key={name}>{name}{t('common.colon')}<b>{text}</b></li>)}</ul>
      {Object.keys(more).length > 0 && <code>{JSON.stringify(more)}</code>}
    </>
  )
}

function linesOf(known: { catalogue: Catalogue; related: Related }, object: string | undefined, { own = {}, parents = {} }: Kept, before = ''): [string, string][] {
  const { catalogue, related } = known
  const fields = object === undefined ? undefined : catalogue.object(object)?.field
  const mine = Object.entries(own).map(([key, value]): [string, string] => {
    const field = fields?.get(key)
    return [before + (label(field?.label) || key), keptText(catalogue, field, value, related)]
  })
  const theirs = Object.entries(parents).flatMap(([via, kept]) => {
    const field = fields?.get(via)
    return linesOf(known, typeof field?.to === 'string' ? field.to : undefined, kept, `${before}${label(field?.label) || via} · `)
  })
  return [...mine, ...theirs]
}
