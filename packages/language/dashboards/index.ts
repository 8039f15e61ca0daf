export { aboveDays, previousDays, spanDays, stretchFrom, stretchLast, stretchesOf, type Days } from './spans.ts'
export { fieldsOf, groupFilter, questionOf, restFilter, stepsFilter, tileFilter, type Question } from './questions.ts'
