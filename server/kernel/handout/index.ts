export { mayPrint, paperOf, templateFor } from './paper.ts'
export { type ExportCell, type ExportPlan, exportRows, MOST_EXPORTED, planExport } from './list.ts'
export { logHandout } from './log.ts'
export { fieldOf, speakerFor, type ShownField, type Speaker } from './show.ts'
