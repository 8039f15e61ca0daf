/** What a batch came to: events answered, and runs, notices and outgoing messages they brought about. */
export interface Outcome { events: number; runs: number; notices: number; outbox: number }

export const NOTHING: Readonly<Outcome> = { events: 0, runs: 0, notices: 0, outbox: 0 }

export const add = (a: Outcome, b: Outcome): Outcome =>
  ({ events: a.events + b.events, runs: a.runs + b.runs, notices: a.notices + b.notices, outbox: a.outbox + b.outbox })
