import type { DefinitionKind } from '#language/definitions'
import type { Metadata, StoredDefinition } from '../types.ts'
import { type Finding, findings } from './finding.ts'
import { checkDictionary, checkObject } from './objects.ts'
import { checkCalendar } from './calendar.ts'
import { checkTag } from './tags.ts'
import { checkForm, checkGrading, checkPolicy, checkRole, checkView } from './settings.ts'
import { checkConversion, checkRecordAct } from './acts.ts'
import { checkCycles } from './cycles.ts'
import { checkPossible } from './impossible.ts'
import { checkLayout } from './layout.ts'
import { checkPooling } from './pooling.ts'
import { checkAccessPolicy } from './policy.ts'
import { checkLetterhead, checkPrint } from './print.ts'
import { checkDashboard } from './dashboard.ts'
import { Reader } from './reader.ts'
import { checkCarried, checkRule } from './rules.ts'

type Checks = { [K in DefinitionKind]: (definition: StoredDefinition<K>, reader: Reader) => Finding[] }

const CHECKS: Checks = {
  dictionary: ({ body }) => checkDictionary(body),
  object: ({ body }, reader) => checkObject(body, reader),
  tag: ({ body }, reader) => checkTag(body, reader),
  role: ({ body }, reader) => checkRole(body, reader),
  grading: ({ body }, reader) => checkGrading(body, reader),
  assignmentPolicy: ({ body }, reader) => checkPolicy(body, reader),
  form: ({ body }, reader) => checkForm(body, reader),
  rule: ({ body, state, version }, reader) => {
    const found = checkRule(body, reader)
    if (found.length > 0) return found
    return findings(checkPossible(body, reader.metadata), state === 'active' && findings(checkCarried(body), checkCycles({ ...body, state, version }, reader.metadata)))
  },
  view: ({ body }, reader) => checkView(body, reader),
  calendar: ({ body }) => checkCalendar(body),
  recordAct: ({ body }, reader) => checkRecordAct(body, reader),
  conversion: ({ body }, reader) => checkConversion(body, reader),
  layout: ({ body }, reader) => checkLayout(body, reader),
  pooling: ({ body }, reader) => checkPooling(body, reader),
  print: ({ body }, reader) => checkPrint(body, reader),
  dashboard: ({ body }, reader) => checkDashboard(body, reader),
  letterhead: ({ body }) => checkLetterhead(body),
  policy: ({ body }, reader) => checkAccessPolicy(body, reader),
  accessMode: () => [],
}

/** Is what this definition says true of `metadata`, in which it already stands? Pure; every finding, in reading order. */
export function checkDefinition<K extends DefinitionKind>(definition: StoredDefinition<K>, metadata: Metadata): Finding[] {
  return CHECKS[definition.kind](definition as never, new Reader(metadata))
}

/** Kinds that others refer to: when one of them changes, every definition is checked again. */
export const REFERRED: ReadonlySet<DefinitionKind> = new Set<DefinitionKind>(['dictionary', 'object', 'tag', 'role', 'grading', 'assignmentPolicy', 'form'])
