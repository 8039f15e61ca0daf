import type { Action } from '#language/definitions'
import type { Perform } from '../scene.ts'

/** The channel is not connected: nothing is sent, and the run says so. */
export const message: Perform = ({ action: { action } }) => ({ channel: (action as Extract<Action, { do: 'message' }>).channel, why: 'not_connected' })
