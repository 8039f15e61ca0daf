export { mayReach, type Opened, parseOpened } from './addresses.ts'
export { type Answer, type Egress, EgressFailed, type EgressOptions, openEgress, type Outgoing } from './egress.ts'
