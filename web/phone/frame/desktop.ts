import { tenantPrefix } from '../../app/paths.ts'

const HERE = /^\/(o\/[^/]+(\/[^/]+)?|notifications|pools|unassigned|calendar|shifts|absences|approvals(\/[^/]+)?|my-automation|account(\/notifications)?|sign-in(\/through\/[a-z0-9]+)?|change-password|forgot|reset|invite)?\/?$/

export const drawnHere = (path: string): boolean => HERE.test(path)
export const isDrawnHere = (): boolean => drawnHere(location.pathname.slice(tenantPrefix().length) || '/')
export const showDesktop = (): Promise<unknown> => import('../../main.tsx')
/** Leaves for a page that only the desktop draws. */
export const leaveFor = (to: string): void => location.assign(tenantPrefix() + to)
