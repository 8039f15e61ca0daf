import { LEAST_BRANCHES, MOST_BRANCHES, type Parallel, type Step } from '#language/definitions'
import { Button, IconButton } from '../../design/button.tsx'
import { Choice, Field } from '../../design/field.tsx'
import { t } from '../../i18n/index.ts'
import css from './rules.module.css'

const JOINS = ['all', 'any'] as const

/** Branches that go side by side: how many, in which order, and when the run goes on. Their steps stand under the sentence. */
export function SidesEditor({ value, onChange }: { value: Parallel; onChange: (step: Step) => void }) {
  const { branches, join } = value
  const put = (next: Step[][]) => onChange({ ...value, branches: next })
  const swap = (at: number, other: number) => put(branches.map((each, i) => (i === at ? branches[other]! : i === other ? branches[at]! : each)))
  return (
    <>
      <Field label={t('rules.sideJoin')} help={t(join === 'all' ? 'rules.joinAllHelp' : 'rules.joinAnyHelp')}>{() => <Choice label={t('rules.sideJoin')} value={join} options={JOINS.map((each) => ({ value: each, label: t(`rules.join_${each}`) }))} onChoose={(next) => onChange({ ...value, join: next })} />}</Field>
      <fieldset className={css.box}>
        <legend>{t('rules.sides')}</legend>
        <ol className={css.sides}>
          {branches.map((steps, at) => {
            const n = String(at + 1)
            return (
              <li key={at}>
                <span className="grow">{t('rules.side', { n })} <small className="hint">{t('rules.sideSteps', { n: String(steps.length) })}</small></span>
                <IconButton small icon="up" label={t('rules.sideUp', { n })} disabled={at === 0} onClick={() => swap(at, at - 1)} />
                <IconButton small icon="down" label={t('rules.sideDown', { n })} disabled={at === branches.length - 1} onClick={() => swap(at, at + 1)} />
                <IconButton small icon="trash" label={t('rules.removeSide', { n })} disabled={branches.length <= LEAST_BRANCHES} onClick={() => put(branches.filter((_, i) => i !== at))} />
              </li>
            )
          })}
        </ol>
        {branches.length < MOST_BRANCHES && <div><Button small icon="plus" onClick={() => put([...branches, []])}>{t('rules.addSide')}</Button></div>}
      </fieldset>
    </>
  )
}
