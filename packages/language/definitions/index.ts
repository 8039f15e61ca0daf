import { z } from 'zod'
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

export * from './common.ts'
export * from './object.ts'
export * from './access.ts'
export * from './rule.ts'
export * from './flow.ts'
export * from './walk.ts'
export * from './happening.ts'
export * from './assignment.ts'
export { Form } from './form.ts'
export * from './view.ts'
export * from './calendar.ts'
export * from './acts.ts'
export * from './notices.ts'
export * from './own-automation.ts'
export * from './layout.ts'
export { Pooling } from './pooling.ts'
export * from './print.ts'
export * from './measure.ts'
export * from './dashboard.ts'
export * from './policy.ts'

/** A bundle of definitions as data: what an installation applies and what an export gives back. */
export const Solution = z.strictObject({
  key: z.string(),
  label: z.strictObject({ zh: z.string(), en: z.string() }),
  version: z.string(),
  /** Keys of rules that are active after installation; all others are installed as templates. */
  activeRules: z.array(z.string()),
  dictionary: z.array(Dictionary).default([]),
  object: z.array(ObjectDefinition).default([]),
  tag: z.array(TagDefinition).default([]),
  role: z.array(Role).default([]),
  grading: z.array(Grading).default([]),
  assignmentPolicy: z.array(AssignmentPolicy).default([]),
  form: z.array(Form).default([]),
  rule: z.array(Rule).default([]),
  view: z.array(View).default([]),
  calendar: z.array(Calendar).default([]),
  recordAct: z.array(RecordAct).default([]),
  conversion: z.array(Conversion).default([]),
  layout: z.array(Layout).default([]),
  pooling: z.array(Pooling).default([]),
  print: z.array(PrintTemplate).default([]),
  dashboard: z.array(Dashboard).default([]),
  letterhead: z.array(Letterhead).default([]),
  policy: z.array(Policy).default([]),
  accessMode: z.array(AccessMode).default([]),
})
export type Solution = z.infer<typeof Solution>
export * from './duty.ts'
export * from './kinds.ts'
export * from './configuration.ts'
