import { zh } from '../zh/index.ts'
export const en: typeof zh = zh
