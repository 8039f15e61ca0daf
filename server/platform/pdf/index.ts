import type { drawPdf as Draw } from './draw.ts'

/** The fonts and their reader come with the first page that is drawn. */
export const drawPdf: typeof Draw = async (...given) => (await import('./draw.ts')).drawPdf(...given)
