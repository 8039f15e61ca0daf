import type { Action, Control, Value } from '#language/definitions'
import type { Catalogue } from '../../api/catalogue.ts'
import { relationsOf } from '../conditions/tree.ts'
import type { Speaker } from './speech.ts'
import { t } from '../../i18n/index.ts'

export const NEW_CONTROLS = ['wait', 'waitClock', 'waitUntil', 'approve', 'branch', 'forEach', 'parallel'] as const
export const NEW_ACTIONS = ['tag', 'set', 'advance', 'assign', 'grade', 'create', 'updateChildren', 'notify', 'webhook', 'stop'] as const

/** A beginning that already means something, where that can be guessed. */
export function newAction({ catalogue }: Speaker, source: string, kind: (typeof NEW_ACTIONS)[number]): Action {
  const about = aboutOf(catalogue, source)
  const object = about?.object ?? source
  const on = about?.on ?? {}
  const children = relationsOf(catalogue, object, (child) => child.key)
  const task = children.find((child) => child.object === 'task') ?? children[0]
  switch (kind) {
    case 'tag': return { do: 'tag', ...on, add: [] }
    case 'set': return { do: 'set', ...on, values: {} }
    case 'advance': return { do: 'set', ...on, values: Object.fromEntries(stageOf(catalogue, object).map((key) => [key, { advance: '' }])) }
    case 'assign': return { do: 'assign', ...on, policy: catalogue.assignmentPolicies.find((policy) => policy.object === object)?.key ?? '' }
    case 'grade': return { do: 'grade', ...on, grading: catalogue.gradings.find((grading) => grading.object === object)?.key ?? '' }
    case 'create': return { do: 'create', object: task?.object ?? object, values: { ...(task && { [task.via]: about ? { field: about.on.via } : { record: true as const } }), ...needed(catalogue, task?.object ?? object, source) } }
    case 'updateChildren': return { do: 'updateChildren', ...on, object: task?.object ?? object, childVia: task?.via ?? '', where: { all: [] }, values: {} }
    case 'notify': return { do: 'notify', ...on, to: [{ owner: true }], kind: 'notice', title: slotOf(catalogue, object) }
    case 'stop': return { do: 'stop', if: { all: [] } }
    case 'webhook': return { do: 'webhook', url: 'https://' }
  }
}

/** What can be begun here: no assignment and no grading where none is for such records. */
export const actionsFor = (speaker: Speaker, source: string): readonly (typeof NEW_ACTIONS)[number][] =>
  NEW_ACTIONS.filter((kind) => { const begun = newAction(speaker, source, kind); return !(begun.do === 'assign' && begun.policy === '') && !(begun.do === 'grade' && begun.grading === '') })

/** What the fields of a new record cannot be without, as far as it can be guessed; `about`: the record that its texts read. */
export function needed(catalogue: Catalogue, made: string, about: string): Record<string, Value> {
  const empty = (catalogue.object(made)?.fields ?? []).filter(({ required, default: given, retired, base }) => required && given === undefined && !retired && !base)
  return Object.fromEntries(empty.flatMap(({ key, kind }): [string, Value][] => {
    if (kind === 'text' || kind === 'long') return [[key, { text: slotOf(catalogue, about) }]]
    if (kind === 'datetime' || kind === 'date') return [[key, { now: true, plus: '3d' }]]
    return kind === 'member' ? [[key, { owner: true }]] : []
  }))
}

/** What a record is called, in a text. */
const slotOf = (catalogue: Catalogue, object: string): string => `{{${catalogue.object(object)?.title ?? 'name'}}}`

/** Nothing is done to an event, which nobody changes: whose it is is meant. */
function aboutOf(catalogue: Catalogue, source: string): { object: string; on: { via: string; viaObject?: string } } | null {
  const event = catalogue.object(source)
  const via = event?.immutable ? (event.scopeVia ?? event.timeline?.[0]) : undefined
  const to = via === undefined ? undefined : event?.field.get(via)?.to
  const object = Array.isArray(to) ? to[0] : to
  if (via === undefined || object === undefined || object === '*') return null
  return { object, on: { via, ...(Array.isArray(to) && { viaObject: object }) } }
}

const STAGES = ['stage', 'status', 'state']
/** The field in which a record goes on from option to option. */
function stageOf(catalogue: Catalogue, object: string): string[] {
  const selects = (catalogue.object(object)?.fields ?? []).filter(({ kind, retired }) => kind === 'select' && !retired).map(({ key }) => key)
  return [...STAGES.filter((key) => selects.includes(key)), ...selects].slice(0, 1)
}

/** What leads a run: begun so that only its condition is missing. */
export function newControl({ catalogue }: Speaker, object: string, kind: Control['do']): Control {
  const child = relationsOf(catalogue, object, (each) => each.key)[0]
  switch (kind) {
    case 'wait': return { do: 'wait', for: '1d' }
    case 'waitClock': return { do: 'waitClock', at: '09:00', workingDays: true }
    case 'waitUntil': return { do: 'waitUntil', until: { all: [] }, atMost: '3d', yes: [], no: [] }
    case 'approve': return { do: 'approve', to: [{ supervisor: true }], title: t('rules.approveTitle'), atMost: '2wd', yes: [], no: [], late: [] }
    case 'parallel': return { do: 'parallel', join: 'all', branches: [[], []] }
    case 'branch': return { do: 'branch', condition: { all: [] }, yes: [], no: [] }
    case 'forEach': return { do: 'forEach', object: child?.object ?? object, childVia: child?.via ?? '', where: { all: [] }, steps: [] }
  }
}
