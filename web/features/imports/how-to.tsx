import { Check, Choice, Field } from '../../design/field.tsx'
import { Panel } from '../../design/pieces.tsx'
import { Picker } from '../../design/picker.tsx'
import { label, t } from '../../i18n/index.ts'
import css from './imports.module.css'
import type { Opened } from './query.ts'
import { w } from './words.ts'

type Options = Opened['import']['options']

/** What becomes of rows that are there already, whom new records belong to, and whether rules answer. */
export function HowTo({ opened, onChange }: { opened: Opened; onChange: (options: Options) => void }) {
  const { import: { options, mapping }, fields, keys, owners, rules } = opened
  const set = (part: Partial<Options>) => onChange({ ...options, ...part })
  const nameOf = (key: string | null) => label(fields.find((field) => field.key === key)?.label)
  const usable = keys.filter((key) => mapping.includes(key))
  const duplicates = (['skip', 'update', 'create'] as const).filter((each) => each === 'create' || usable.length > 0)
  const chosen = owners.find(({ from }) => from === options.owner)
  const offered = owners.filter(({ from }) => from !== 'column' || mapping.includes('owner'))
  return (
    <Panel title={w('how')}>
      <div className={css.how}>
        <Field label={w('duplicates')} help={w(`dupHelp_${options.duplicates}`, { key: nameOf(options.key) })}>
          {() => <Choice label={w('duplicates')} value={options.duplicates} options={duplicates.map((value) => ({ value, label: w(`dup_${value}`) }))} onChoose={(value) => set({ duplicates: value, key: value === 'create' ? options.key : (options.key && usable.includes(options.key) ? options.key : (usable[0] ?? null)) })} />}
        </Field>
        {options.duplicates !== 'create' && <Field label={w('key')}>{(control) => <Picker {...control} small label={w('key')} value={options.key} options={usable.map((key) => ({ value: key, label: nameOf(key) }))} onPick={(key) => key && set({ key })} />}</Field>}
        <Field label={w('owner')} help={w(`ownHelp_${options.owner}`)}>
          {() => <Choice look="chips" label={w('owner')} value={options.owner} options={offered.map(({ from }) => ({ value: from, label: w(`own_${from}`) }))} onChoose={(owner) => set({ owner, policy: owner === 'policy' ? (owners.find(({ from }) => from === 'policy')?.policies[0]?.key ?? null) : null })} />}
        </Field>
        {chosen?.from === 'policy' && chosen.policies.length > 1 && <Field label={w('policy')}>{(control) => <Picker {...control} small label={w('policy')} value={options.policy} options={chosen.policies.map((policy) => ({ value: policy.key, label: label(policy.label) }))} onPick={(policy) => policy && set({ policy })} />}</Field>}
        <div className={css.rules}>
          <Check checked={options.rules} disabled={rules.length === 0} onCheck={(on) => set({ rules: on })}>{w('rules')}</Check>
          <p className="hint">{rules.length === 0 ? w('rulesNone') : options.rules ? w('rulesHelp', { names: rules.map((rule) => label(rule.label)).join(t('common.listGap')) }) : w('rulesWarn')}</p>
          {options.rules && rules.length > 0 && <><Check checked={options.atOnce === true} onCheck={(on) => set({ atOnce: on })}>{w('atOnce')}</Check><p className="hint">{w(options.atOnce ? 'atOnceHelp' : 'inBatches')}</p></>}
        </div>
      </div>
    </Panel>
  )
}
