import { useMemo, useState } from 'react'
import type { Tile } from '#language/definitions'
import { useCatalogue, type Catalogue, type ObjectFacts } from '../../api/catalogue.ts'
import { Dialog } from '../../design/dialog.tsx'
import { Input } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { Picker } from '../../design/picker.tsx'
import { label } from '../../i18n/index.ts'
import { freshTileKey } from './boards.ts'
import css from './dashboards.module.css'
import { spanName } from './figure.ts'
import { blankTile, suggestionsFor } from './tiles.ts'
import { d } from './words.ts'

/** Ready tiles: those on any dashboard that one sees, and what is commonly asked of an object. */
export function Gallery({ onPick, onClose }: { onPick: (tile: Tile, blank: boolean) => void; onClose: () => void }) {
  const catalogue = useCatalogue()
  const objects = useMemo(() => reckoned(catalogue), [catalogue])
  const [chosen, setChosen] = useState(objects[0]?.key ?? null)
  const [text, setText] = useState('')
  const object = catalogue.object(chosen ?? '')
  const wanted = text.trim().toLowerCase()
  const ready = useMemo(() => (wanted ? objects : object ? [object] : []).flatMap((each) => readyFor(catalogue, each)).filter(({ title }) => !wanted || label(title).toLowerCase().includes(wanted)), [catalogue, object, objects, wanted])
  return (
    <Dialog title={d('gallery')} hint={d('galleryHelp')} width={780} onClose={onClose}>
      <div className={css.kinds}>
        <Picker label={d('ofObject')} value={chosen} options={objects.map((each) => ({ value: each.key, label: label(each.label) }))} onPick={setChosen} />
        <Input type="search" data-autofocus value={text} aria-label={d('search')} placeholder={d('search')} onText={setText} before={<Icon name="search" />} />
      </div>
      <ul className={css.ready}>
        {object && <li><button type="button" className={css.card} onClick={() => onPick(blankTile(object), true)}><b>{d('blank')}</b><span className="hint">{d('blankHelp')}</span></button></li>}
        {ready.map((tile) => <li key={tile.key}><button type="button" className={css.card} onClick={() => onPick({ ...tile, key: freshTileKey() }, false)}><b>{label(tile.title)}</b><span className="hint">{[label(catalogue.object(tile.object)?.label), d(`kind_${tile.kind}`), ...(tile.period ? [spanName(tile.period.span)] : [])].join(' · ')}</span></button></li>)}
      </ul>
      {ready.length === 0 && <p className="hint">{d('noReady')}</p>}
    </Dialog>
  )
}

/** What people work with first, then the rest by name. */
function reckoned({ objects, dashboards }: Catalogue): ObjectFacts[] {
  const used = dashboards.flatMap(({ tiles }) => tiles.flatMap((tile) => (tile.kind === 'closed' ? [] : [tile.object])))
  const often = (key: string) => used.filter((each) => each === key).length
  return objects.filter(({ hidden, can }) => !hidden && can.read).sort((a, b) => often(b.key) - often(a.key))
}

function readyFor(catalogue: Catalogue, object: ObjectFacts): Tile[] {
  const placed = catalogue.dashboards.flatMap(({ tiles }) => tiles.filter((tile): tile is Tile => tile.kind !== 'closed' && tile.object === object.key))
  return [...new Map([...placed, ...suggestionsFor(catalogue, object)].map((tile) => [label(tile.title), tile])).values()]
}
