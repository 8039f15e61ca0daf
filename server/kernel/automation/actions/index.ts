import type { Action } from '#language/definitions'
import type { Perform } from '../scene.ts'
import { assign } from './assign.ts'
import { create } from './create.ts'
import { grade } from './grade.ts'
import { message } from './message.ts'
import { notify } from './notify.ts'
import { set } from './set.ts'
import { stop } from './stop.ts'
import { tag } from './tag.ts'
import { updateChildren } from './update-children.ts'
import { webhook } from './webhook.ts'

/** What each action of a rule does to a plan. */
export const ACTIONS: Readonly<Record<Action['do'], Perform>> = { set, tag, grade, assign, create, updateChildren, notify, webhook, message, stop }
