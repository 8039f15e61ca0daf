export { creditLinks, linkAt, noteOpening, openingsOf, type CameBy, type Opening, type Openings, type TrackingLink } from './links.ts'
export { claimVisits, recordVisit, type Claim, type Visit } from './visits.ts'
