import type { Context } from '#kernel/access'
import type { Workplace } from '#language/values'

/** Where and when this tenant works: its zone and its working calendar. */
export const workplaceOf = ({ tenant, metadata }: Pick<Context, 'tenant' | 'metadata'>): Workplace => ({ zone: tenant.zone, calendar: metadata.calendar })
