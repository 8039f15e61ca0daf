import { assignment } from './assignment.ts'
import { audit } from './audit.ts'
import { auth } from './auth.ts'
import { calendar } from './calendar.ts'
import { common } from './common.ts'
import { conditions } from './conditions.ts'
import { definitions } from './definitions.ts'
import { followup } from './followup.ts'
import { forms } from './forms.ts'
import { members } from './members.ts'
import { notifications } from './notifications.ts'
import { records } from './records.ts'
import { rules } from './rules.ts'
import { setup } from './setup.ts'
import { shell } from './shell.ts'
import { workbench } from './workbench.ts'

/** Typed by the Chinese original: a key missing here does not compile. */
export const en = { common, shell, workbench, followup, records, conditions, notifications, auth, setup, rules, assignment, forms, definitions, members, audit, calendar }
