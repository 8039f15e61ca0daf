import type { Some } from './types.ts'
import { workbench } from './workbench/index.ts'

export const work: Some<'workbench'> = { workbench: (ctx) => workbench(ctx) }
