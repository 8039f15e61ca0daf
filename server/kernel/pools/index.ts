export { claim, type Claiming } from './claim.ts'
export { lookInto, type PoolView, poolViews } from './sight.ts'
export { recycle, warnOwners } from './recycle.ts'
