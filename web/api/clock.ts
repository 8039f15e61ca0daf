import { DEFAULT_ZONE } from '#language/values'

/** Business time and the tenant's zone as the server tells them; every relative time on screen is measured from here. */
let offsetMs = 0
let tenantZone = DEFAULT_ZONE

export const setClock = (serverNow: string): void => {
  const away = Date.parse(serverNow) - Date.now()
  // Below a minute it is the network, not a moved clock.
  offsetMs = Math.abs(away) < 60_000 ? 0 : away
}
export const setZone = (zone: string): void => { tenantZone = zone }
export const now = (): Date => new Date(Date.now() + offsetMs)
export const zone = (): string => tenantZone
