import type { zh } from '../zh/index.ts'

export const intake: Record<keyof typeof zh.intake, string> = {
  title: 'Waiting submissions', hint: 'What forms received and could not make a record of: put it right and submit again, or dismiss it', state_quarantined: 'Waiting', state_corrected: 'Corrected', state_dismissed: 'Dismissed', state_accepted: 'Accepted', state_refused: 'Refused', waitingCount: 'Waiting {n}',
  empty_quarantined: 'Nothing is waiting', emptyHelp_quarantined: 'Submissions with an unreadable phone, from machines, or against a rule stop here and are not lost.', empty_corrected: 'Nothing corrected yet', emptyHelp_corrected: 'What was corrected and submitted again is listed here.', empty_dismissed: 'Nothing dismissed', emptyHelp_dismissed: 'Dismissed submissions are listed here and can be put back.',
  nothingSaid: 'Nothing was filled in', one: 'Settle this submission', resubmit: 'Correct and submit', dismiss: 'Dismiss', whyDismiss: 'Reason', whyExample: 'Such as: test data', putBack: 'Put back', putRight: 'Put this right', created: 'Submitted: a new record', joined: 'Submitted: it joined a record', dismissed: 'Dismissed', isBack: 'Put back',
  raw: 'As it came', at: 'Received', status: 'Status', record: 'Became', settledBy: 'Settled', type: 'Content type', behind: 'Submissions', noneBehind: 'No submission', noneBehindHelp: 'This record did not come by a form.',
}
