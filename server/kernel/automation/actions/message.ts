import type { Perform } from '../scene.ts'

/** The channel is not connected: nothing is sent, and the run says so. */
export const message: Perform = () => ({ why: 'not_connected' })
