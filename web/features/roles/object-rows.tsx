import { masksOf, type ObjectAccess, type ObjectAction, type ReadState, type Scope } from '#language/definitions'
import type { FieldShape, ObjectFacts } from '../../api/catalogue.ts'
import { cx } from '../../design/classes.ts'
import { Check } from '../../design/field.tsx'
import { Icon } from '../../design/icons.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './roles.module.css'
import { RowsOf } from './rows-of.tsx'

const ACTIONS: readonly ObjectAction[] = ['read', 'create', 'edit', 'delete', 'export', 'transfer', 'unlock', 'import']
const SCOPES: readonly Scope[] = ['none', 'own', 'team', 'teamTree', 'all']
/** Rights that are held or not: what is brought in stays within the right to create. */
const WHOLE: ReadonlySet<ObjectAction> = new Set(['import'])
const FIXED: ReadonlySet<ObjectAction> = new Set(['edit', 'delete', 'transfer', 'unlock'])

interface Props { object: ObjectFacts; access: ObjectAccess; open: boolean; onOpen: () => void; onChange: (access: ObjectAccess) => void }

/** One object: how far each action reaches; unfolded, what may be read and written of it. */
export function ObjectRows({ object, access, open, onOpen, onChange }: Props) {
  const name = label(object.label)
  const narrowed = Object.keys(access.fields ?? {}).length
  const reads = (access.read ?? 'none') !== 'none'
  return (
    <>
      <tr data-off={!reads}>
        <th scope="row"><button type="button" className={css.object} aria-expanded={open} disabled={!reads} onClick={onOpen}><Icon name={open ? 'down' : 'right'} size={12} /><span>{name}</span>{access.rows && reads && <span className="hint">{t('roles.someRows')}</span>}{narrowed > 0 && reads && <span className="hint">{t('roles.narrowed', { n: narrowed })}</span>}</button></th>
        {ACTIONS.map((action) => <td key={action}>{object.immutable && FIXED.has(action) ? <span className={cx('hint', css.fixed)}>—</span> : <ScopeCell name={`${name} ${t(`roles.do_${action}`)}`} value={access[action] ?? 'none'} scopes={WHOLE.has(action) ? ['none', 'all'] : SCOPES} onChange={(scope) => onChange({ ...access, [action]: scope })} />}</td>)}
      </tr>
      {open && reads && <tr><td colSpan={ACTIONS.length + 1} className={css.fieldsCell}><RowsOf object={object} access={access} onChange={onChange} />{!object.immutable && <Suggests access={access} onChange={onChange} />}<FieldGrid object={object} access={access} onChange={onChange} /></td></tr>}
    </>
  )
}

/** What they may not write they may suggest. */
function Suggests({ access, onChange }: Pick<Props, 'access' | 'onChange'>) {
  const put = (on: boolean) => { const { suggest: _, ...others } = access; onChange(on ? { ...others, suggest: true } : others) }
  return <div className={css.suggests}><Check checked={access.suggest === true} onCheck={put}>{t('roles.suggest')}</Check><span className="hint">{t('roles.suggestHelp')}</span></div>
}

function ScopeCell({ name, value, scopes, onChange }: { name: string; value: Scope; scopes: readonly Scope[]; onChange: (scope: Scope) => void }) {
  return (
    <select className={cx(css.scope, value === 'none' && css.none, value === 'all' && css.all)} aria-label={name} value={value} onChange={(event) => onChange(event.target.value as Scope)}>
      {(scopes.includes(value) ? scopes : [...scopes, value]).map((scope) => <option key={scope} value={scope}>{t(scopes.length === 2 && scope !== 'none' ? 'roles.scope_may' : `roles.scope_${scope}`)}</option>)}
    </select>
  )
}

function FieldGrid({ object, access, onChange }: Pick<Props, 'object' | 'access' | 'onChange'>) {
  const fields = object.fields.filter((field) => !field.base && !field.retired)
  const writes = (access.edit ?? 'none') !== 'none' || (access.create ?? 'none') !== 'none'
  const set = (changed: readonly FieldShape[], to: Change) => onChange({ ...access, fields: changed.reduce((all, field) => withField(all, field.key, to), access.fields ?? {}) })
  const reads = (field: FieldShape) => access.fields?.[field.key]?.read !== 'hidden'
  const mayWrite = (field: FieldShape) => reads(field) && access.fields?.[field.key]?.write !== false
  const settable = fields.filter((field) => !field.readOnly && field.kind !== 'auto')
  const all = (test: (field: FieldShape) => boolean, of = fields) => ({ checked: of.every(test), mixed: of.some(test) && !of.every(test) })
  return (
    <div className={css.fields}>
      <div className={css.fieldHead}><b className="grow">{t('roles.fieldsOf', { name: label(object.label) })}</b><Check {...all(reads)} onCheck={(read) => set(fields, { read })}>{t('roles.allRead')}</Check>{writes && <Check {...all(mayWrite, settable)} onCheck={(write) => set(settable, { write })}>{t('roles.allWrite')}</Check>}</div>
      <ul className={css.fieldGrid}>{fields.map((field) => (
        <li key={field.key}>
          <span className="grow clip" title={label(field.label)}>{label(field.label)}</span>
          {reads(field) && masksOf(field.kind).length > 0 && <MaskCell field={field} value={access.fields?.[field.key]?.read ?? 'full'} onChange={(shown) => set([field], { shown })} />}
          <Check checked={reads(field)} onCheck={(read) => set([field], { read })} aria-label={t('roles.readNamed', { name: label(field.label) })}>{t('roles.read')}</Check>
          <Check checked={mayWrite(field) && writes && settable.includes(field)} disabled={!writes || !settable.includes(field)} onCheck={(write) => set([field], { write })} aria-label={t('roles.writeNamed', { name: label(field.label) })}>{t('roles.write')}</Check>
        </li>
      ))}</ul>
    </div>
  )
}

/** How much of a value is shown to those who may read it. */
function MaskCell({ field, value, onChange }: { field: FieldShape; value: ReadState; onChange: (shown: ReadState) => void }) {
  return (
    <select className={cx(css.mask, value === 'full' && css.none)} aria-label={t('roles.shownNamed', { name: label(field.label) })} value={value} onChange={(event) => onChange(event.target.value as ReadState)}>
      {(['full', ...masksOf(field.kind)] as const).map((state) => <option key={state} value={state}>{t(`roles.shown_${state}`)}</option>)}
    </select>
  )
}

type Fields = NonNullable<ObjectAccess['fields']>
interface Change { read?: boolean; write?: boolean; shown?: ReadState }
/** What can be written can be read; what differs from the default is named, nothing else. */
function withField(fields: Fields, key: string, { read, write, shown }: Change): Fields {
  const { [key]: before, ...others } = fields
  const kept = read === undefined && before?.read !== 'hidden' ? (before?.read ?? 'full') : 'full'
  const hidden = read === undefined ? before?.read === 'hidden' && !write && shown === undefined : !read
  const locked = write === undefined ? before?.write === false : !write
  const state = hidden ? 'hidden' : (shown ?? kept)
  return state !== 'full' || locked ? { ...others, [key]: { ...(state !== 'full' && { read: state }), ...(locked && { write: false }) } } : others
}
