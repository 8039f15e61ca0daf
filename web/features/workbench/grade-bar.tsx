import { useCatalogue } from '../../api/catalogue.ts'
import { label } from '../../i18n/index.ts'
import css from './workbench.module.css'

/** The bar at the left of a row: colour for the eye, the word for everyone. */
export function GradeBar({ object, grade }: { object: string; grade: string | null }) {
  const catalogue = useCatalogue()
  if (!grade) return <i className={css.bar} data-colour="none" />
  const grading = catalogue.gradings.find((each) => each.object === object)
  const option = catalogue.option(catalogue.object(object)?.field.get(grading?.field ?? 'grade')?.dictionary, grade)
  const word = option ? label(option.label) : grade
  return <i className={css.bar} data-colour={option?.colour ?? 'none'} title={word}><span className="sr">{word}</span></i>
}
