import type { Catalogue } from '../../api/catalogue.ts'
import type { Colour } from '../frame/pieces.tsx'
import { label } from '../../i18n/index.ts'

/** The word and the colour of a grade of this object. */
export function gradeOf(catalogue: Catalogue, object: string, grade: string | null | undefined): { word: string; colour: Colour | undefined } | null {
  if (!grade) return null
  const grading = catalogue.gradings.find((each) => each.object === object)
  const option = catalogue.option(catalogue.object(object)?.field.get(grading?.field ?? 'grade')?.dictionary, grade)
  return { word: option ? label(option.label) : grade, colour: option?.colour }
}
