import type { z } from 'zod'
import { ObjectDefinition, Dictionary, TagDefinition } from './object.ts'
import { Role } from './access.ts'
import { Rule, Grading } from './rule.ts'
import { AssignmentPolicy } from './assignment.ts'
import { Form } from './form.ts'
import { View } from './view.ts'
import { Calendar } from './calendar.ts'
import { Layout } from './layout.ts'
import { Conversion, RecordAct } from './acts.ts'
import { Pooling } from './pooling.ts'
import { Letterhead, PrintTemplate } from './print.ts'
import { Dashboard } from './dashboard.ts'
import { AccessMode, Policy } from './policy.ts'

/** Every kind of definition under its name; the order is the order of installation (later kinds refer to earlier ones). */
export const DEFINITION_KINDS = {
  dictionary: Dictionary,
  object: ObjectDefinition,
  tag: TagDefinition,
  role: Role,
  grading: Grading,
  assignmentPolicy: AssignmentPolicy,
  form: Form,
  rule: Rule,
  view: View,
  calendar: Calendar,
  recordAct: RecordAct,
  conversion: Conversion,
  layout: Layout,
  pooling: Pooling,
  print: PrintTemplate,
  dashboard: Dashboard,
  letterhead: Letterhead,
  policy: Policy,
  accessMode: AccessMode,
} as const
export type DefinitionKind = keyof typeof DEFINITION_KINDS
export type DefinitionBody<K extends DefinitionKind> = z.infer<(typeof DEFINITION_KINDS)[K]>
