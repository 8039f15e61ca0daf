import type { zh } from '../zh/index.ts'

export const setup: Record<keyof typeof zh.setup, string> = { title: 'Start with Nextmove', hint: 'It takes a minute; everything can be changed later.', needLink: 'Open the one-time link that the terminal printed at start.', company: 'Company', companyName: 'Name of the company', companyHint: 'e.g. Acme', administrator: 'Administrator', solution: 'Begin with', withSample: 'With a full set of sample data, to look around', empty: 'Empty, ready for your own data', go: 'Finish' }
