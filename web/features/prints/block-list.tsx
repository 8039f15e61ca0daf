import type { PrintBlock, PrintTemplate } from '#language/definitions'
import { useCatalogue, type Catalogue } from '../../api/catalogue.ts'
import { IconButton } from '../../design/button.tsx'
import { MenuButton } from '../../design/popover.tsx'
import { t } from '../../i18n/index.ts'
import { BlockEditor } from './block-editor.tsx'
import css from './prints.module.css'
import { childrenOf } from './table-editor.tsx'

const KINDS = ['company', 'heading', 'fields', 'text', 'table', 'totals', 'signature'] as const

/** What stands on the paper, from top to bottom. */
export function BlockList({ value, onChange }: { value: PrintTemplate; onChange: (template: PrintTemplate) => void }) {
  const catalogue = useCatalogue()
  const set = (blocks: PrintBlock[]) => onChange({ ...value, blocks })
  const put = (at: number, block: PrintBlock) => set(value.blocks.map((each, index) => (index === at ? block : each)))
  const move = (at: number, by: number) => { const blocks = [...value.blocks]; const [block] = blocks.splice(at, 1); blocks.splice(at + by, 0, block!); set(blocks) }
  const fresh = KINDS.flatMap((kind) => { const block = freshBlock(catalogue, value.object, kind); return block ? [{ key: kind, label: t(`prints.block_${kind}`), onPick: () => set([...value.blocks, block]) }] : [] })
  return (
    <>
      <ol>{value.blocks.map((block, at) => (
        <li key={at} className={css.block} aria-label={t(`prints.block_${block.kind}`)}>
          <header className={css.blockHead}><h3>{t(`prints.block_${block.kind}`)}</h3><span className={css.acts}><IconButton small icon="up" label={t('prints.up')} disabled={at === 0} onClick={() => move(at, -1)} /><IconButton small icon="down" label={t('prints.down')} disabled={at === value.blocks.length - 1} onClick={() => move(at, 1)} /><IconButton small icon="close" label={t('common.remove')} onClick={() => set(value.blocks.filter((_, index) => index !== at))} /></span></header>
          <BlockEditor object={value.object} block={block} onChange={(next) => put(at, next)} />
        </li>
      ))}</ol>
      <div className={css.add}><MenuButton small icon="plus" side="below" label={t('prints.addBlock')} entries={fresh}>{t('prints.addBlock')}</MenuButton></div>
    </>
  )
}

function freshBlock(catalogue: Catalogue, object: string, kind: (typeof KINDS)[number]): PrintBlock | null {
  const facts = catalogue.object(object)
  const child = childrenOf(catalogue, object)[0]
  const money = facts?.fields.find((field) => field.kind === 'money')
  switch (kind) {
    case 'company': return { kind }
    case 'heading': return { kind, level: 2, text: t('prints.block_heading') }
    case 'text': return { kind, text: '' }
    case 'fields': return { kind, columns: 2, fields: [{ field: facts?.title ?? 'id' }] }
    case 'table': return child ? { kind, object: child.object, via: child.via, columns: [catalogue.object(child.object)!.title] } : null
    case 'totals': return money ? { kind, lines: [{ label: money.label, terms: [{ field: money.key }] }] } : null
    case 'signature': return { kind, parties: [{ zh: '甲方', en: 'Party A' }, { zh: '乙方', en: 'Party B' }] }
  }
}
