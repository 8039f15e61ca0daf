import type { PrintBlock } from '#language/definitions'
import { useCatalogue } from '../../api/catalogue.ts'
import { plainLabel, useDefinitions } from '../../api/definitions.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Choice, Input, TextArea } from '../../design/field.tsx'
import { label, t } from '../../i18n/index.ts'
import { HeadFields } from './head-fields.tsx'
import { FieldsEditor } from './fields-editor.tsx'
import { Insert } from './insert.tsx'
import css from './prints.module.css'
import { TableEditor } from './table-editor.tsx'
import { TotalsEditor } from './totals-editor.tsx'

type Block<K extends PrintBlock['kind']> = Extract<PrintBlock, { kind: K }>
export interface Editing<K extends PrintBlock['kind']> { object: string; block: Block<K>; onChange: (block: PrintBlock) => void }

/** The fields of one block, by its kind. */
export function BlockEditor({ object, block, onChange }: { object: string; block: PrintBlock; onChange: (block: PrintBlock) => void }) {
  switch (block.kind) {
    case 'company': return <CompanyEditor {...{ object, block, onChange }} />
    case 'heading': return <div className={css.line}><Choice label={t('prints.block_heading')} value={block.level === 1 ? '1' : '2'} options={[{ value: '1', label: t('prints.level_1') }, { value: '2', label: t('prints.level_2') }]} onChoose={(level) => onChange({ ...block, level: level === '1' ? 1 : 2 })} /><Input small aria-label={t('prints.text')} value={block.text} maxLength={400} onText={(text) => onChange({ ...block, text })} /><Insert object={object} onInsert={(text) => onChange({ ...block, text: block.text + text })} /></div>
    case 'text': return <div className={css.rows}><TextArea aria-label={t('prints.text')} rows={4} maxLength={4000} value={block.text} onText={(text) => onChange({ ...block, text })} /><Insert object={object} onInsert={(text) => onChange({ ...block, text: block.text + text })} /></div>
    case 'fields': return <FieldsEditor {...{ object, block, onChange }} />
    case 'table': return <TableEditor {...{ object, block, onChange }} />
    case 'totals': return <TotalsEditor {...{ object, block, onChange }} />
    case 'signature': return <Parties {...{ object, block, onChange }} />
  }
}

/** What is left empty stands in the company's letterhead. */
function CompanyEditor({ block, onChange }: Editing<'company'>) {
  const catalogue = useCatalogue()
  const { data } = useDefinitions('letterhead', catalogue.can('definitions'))
  const own = data?.[0]?.body
  return <><p className="hint">{t('prints.overrides')}</p><HeadFields value={block} fallback={{ ...own, name: own?.name ?? catalogue.tenant.name }} onChange={(next) => onChange({ kind: 'company', ...next })} /></>
}

function Parties({ block, onChange }: Editing<'signature'>) {
  const set = (parties: typeof block.parties) => onChange({ ...block, parties })
  return (
    <div className={css.line}>
      {block.parties.map((party, at) => <span key={at} className={css.party}><Input small aria-label={t('prints.parties')} value={label(party)} maxLength={40} onText={(text) => set(block.parties.map((each, index) => (index === at ? plainLabel(text || ' ') : each)))} /><IconButton small icon="close" label={t('common.remove')} disabled={block.parties.length === 1} onClick={() => set(block.parties.filter((_, index) => index !== at))} /></span>)}
      {block.parties.length < 3 && <Button small icon="plus" onClick={() => set([...block.parties, plainLabel(t('prints.parties'))])}>{t('prints.addParty')}</Button>}
    </div>
  )
}
