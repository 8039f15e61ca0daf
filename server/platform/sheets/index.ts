export { type Cell, columnName, csvOf, type SheetHead, xlsxOf } from './write.ts'
