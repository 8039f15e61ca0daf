import type { zh } from '../zh/index.ts'

export const links: Record<keyof (typeof zh)['links'], string> = {
  title: 'Link and openings',
  off: 'The link is switched off or leads to no page. Set “Active” and “Target address” and it works.',
  personal: 'A link for this one alone: every opening is kept with them.',
  open: 'For everybody. A visitor who later leaves a phone number takes over its tags, campaign and source.',
  code: 'The link as a QR code',
  clicks: 'Clicks',
  visitors: 'Visitors',
  known: 'Known',
  machines: '{n} more by search engines, previews and the like, in none of the numbers above',
  came: 'See the records that came by it',
}
