import { addressFor } from '#contract/client'

/** The paper in a tab of its own, where the browser prints and keeps it. */
export const openPrint = (record: { object: string; id: string }, template: string): void => { window.open(printAddress(record, template), '_blank', 'noopener') }
export const printAddress = ({ object, id }: { object: string; id: string }, template: string): string => addressFor('printRecord', { params: { object, id, template } })
