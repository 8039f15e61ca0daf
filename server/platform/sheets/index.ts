export { type Cell, columnName, csvOf, type SheetHead, xlsxOf } from './write.ts'
export { formatOf, readSheet, type SheetFormat, type SheetRow } from './read.ts'
export { type Template, type TemplateColumn, templateCsv, templateXlsx } from './template.ts'
