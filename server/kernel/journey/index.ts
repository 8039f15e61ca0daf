export { claimVisits, recordVisit, type Claim, type Visit } from './visits.ts'
