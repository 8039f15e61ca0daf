import type { Perform } from '../scene.ts'

/** What comes after it is not done. */
export const stop: Perform = () => ({})
