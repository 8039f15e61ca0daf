import { now, zone } from '../../api/clock.ts'

export const clock = () => ({ now: now(), zone: zone() })
