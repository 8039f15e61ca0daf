export { mayPrint, paperOf, templateFor } from './paper.ts'
export { logHandout } from './log.ts'
export { fieldOf, speakerFor, type ShownField, type Speaker } from './show.ts'
