import { common } from './common.ts'
import { followup } from './followup.ts'
import { records } from './records.ts'
import { trash } from './trash.ts'
import { workbench } from './workbench.ts'

/** What the phone's first screen says; the rest comes with the first page that is opened. */
export const light = { common, workbench, followup, records, trash }
