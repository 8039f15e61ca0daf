import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { definitionsQuery } from '../api/catalogue.ts'
import { ApiError, queries } from '../api/client.ts'
import { meQuery, stateQuery } from '../api/session.ts'
import { at, tenantPrefix } from './paths.ts'
import { Broken, Missing, Waiting } from './states.tsx'

type Loader = Parameters<typeof lazyRouteComponent>[0]

const root = createRootRoute({ notFoundComponent: Missing, errorComponent: Broken })
/** Pages for people who are not signed in yet. */
const open = (path: string, load: Loader) => createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) })

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: lazyRouteComponent(() => import('./shell.tsx')),
  beforeLoad: async ({ location }) => { await admitted(location.href) },
})
const page = (path: string, load: Loader) => createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(load) })

/** Signed in, set up, with a password of one's own: else the page that mends it. */
async function admitted(href: string): Promise<void> {
  try {
    const me = await queries.ensureQueryData(meQuery)
    if (me.mustChange) throw redirect({ to: at.changePassword })
    if (me.mustEnroll) throw redirect({ to: at.twoFactor })
    await queries.ensureQueryData(definitionsQuery)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    const state = await queries.fetchQuery(stateQuery)
    throw redirect({ to: state.setUp ? at.signIn : at.setup, search: state.setUp && href !== '/' ? { to: href } : {} })
  }
}

const tree = root.addChildren([
  open('/sign-in', () => import('../features/auth/sign-in.tsx')),
  open('/sign-in/through/$key', () => import('../features/auth/through.tsx')),
  open('/forgot', () => import('../features/auth/forgot.tsx')),
  open('/reset', () => import('../features/auth/one-time.tsx')),
  open('/invite', () => import('../features/auth/one-time.tsx')),
  open('/change-password', () => import('../features/auth/change-password.tsx')),
  open('/two-factor', () => import('../features/auth/two-factor.tsx')),
  open('/setup', () => import('../features/setup/setup.tsx')),
  shell.addChildren([
    page('/', () => import('../features/workbench/workbench.tsx')),
    page('/o/$object', () => import('../features/records/list-page.tsx')),
    page('/o/$object/$id', () => import('../features/records/record-page.tsx')),
    page('/imports/$object', () => import('../features/imports/imports-page.tsx')),
    page('/imports/$object/$id', () => import('../features/imports/import-page.tsx')),
    page('/exports', () => import('../features/exports/exports-page.tsx')),
    page('/automation', () => import('../features/rules/rules-page.tsx')),
    page('/automation/$key', () => import('../features/rules/rule-page.tsx')),
    page('/runs', () => import('../features/rules/runs-page.tsx')),
    page('/runs/$event/$rule', () => import('../features/rules/run-page.tsx')),
    page('/trace/$event', () => import('../features/rules/trace-page.tsx')),
    page('/assignment', () => import('../features/assignment/assignment-page.tsx')),
    page('/forms', () => import('../features/forms/forms-page.tsx')),
    page('/forms/$key', () => import('../features/forms/form-page.tsx')),
    page('/deeds', () => import('../features/deeds/deeds-page.tsx')),
    page('/deeds/acts/$key', () => import('../features/deeds/act-page.tsx')),
    page('/deeds/conversions/$key', () => import('../features/deeds/conversion-page.tsx')),
    page('/prints', () => import('../features/prints/prints-page.tsx')),
    page('/prints/$key', () => import('../features/prints/print-page.tsx')),
    page('/objects', () => import('../features/definitions/objects-page.tsx')),
    page('/objects/$key', () => import('../features/definitions/object-page.tsx')),
    page('/objects/$key/layout', () => import('../features/definitions/layout-page.tsx')),
    page('/objects/tags/$key', () => import('../features/definitions/segment-page.tsx')),
    page('/objects/dictionaries/$key', () => import('../features/definitions/dictionary-page.tsx')),
    page('/submissions', () => import('../features/intake/intake-page.tsx')),
    page('/members', () => import('../features/members/members-page.tsx')),
    page('/pools', () => import('../features/pools/pools-page.tsx')),
    page('/unassigned', () => import('../features/unassigned/unassigned-page.tsx')),
    page('/shifts', () => import('../features/shifts/shifts-page.tsx')),
    page('/calendar', () => import('../features/calendar/calendar-page.tsx')),
    page('/working-calendar', () => import('../features/calendar/working-page.tsx')),
    page('/policies', () => import('../features/policies/policies-page.tsx')),
    page('/suggestions', () => import('../features/suggestions/suggestions-page.tsx')),
    page('/policies/scan', () => import('../features/policies/scan-page.tsx')),
    page('/policies/$key', () => import('../features/policies/policy-page.tsx')),
    page('/company-sign-in', () => import('../features/company-sign-in/company-sign-in-page.tsx')),
    page('/roles', () => import('../features/roles/roles-page.tsx')),
    page('/roles/$key', () => import('../features/roles/roles-page.tsx')),
    page('/webhooks', () => import('../features/webhooks/webhooks-page.tsx')),
    page('/approvals', () => import('../features/approvals/approvals-page.tsx')),
    page('/approvals/$id', () => import('../features/approvals/approval-page.tsx')),
    page('/deletions', () => import('../features/deletions/deletions-page.tsx')),
    page('/deletions/$id', () => import('../features/deletions/deletion-page.tsx')),
    page('/erasures', () => import('../features/erasures/erasures-page.tsx')),
    page('/erasures/$id', () => import('../features/erasures/erasure-page.tsx')),
    page('/configuration', () => import('../features/configuration/configuration-page.tsx')),
    page('/backups', () => import('../features/backups/backups-page.tsx')),
    page('/trash', () => import('../features/records/trash-page.tsx')),
    page('/audit', () => import('../features/audit/audit-page.tsx')),
    page('/notifications', () => import('../features/notifications/notifications-page.tsx')),
    page('/absences', () => import('../features/absences/absences-page.tsx')),
    page('/my-automation', () => import('../features/own-automation/own-automation-page.tsx')),
    page('/account', () => import('../features/auth/account.tsx')),
    page('/account/notifications', () => import('../features/notifications/settings-page.tsx')),
  ]),
])

export const router = createRouter({
  routeTree: tree,
  basepath: tenantPrefix() || '/',
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
  defaultPendingMs: 150,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
})
