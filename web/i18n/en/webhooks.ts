import type { zh } from '../zh/index.ts'

export const webhooks: Record<keyof typeof zh.webhooks, string> = {
  title: 'Webhooks', hint: 'Where rules post to, and how receivers know that it was us', key: 'Signing key', first: 'Made with the company', since: 'Changed {at}', show: 'Show the key', hide: 'Hide', change: 'Change the key', changed: 'The key was changed', changeHelp: 'The new key signs at once. The old one stays good for 24 hours, in which every message carries two signatures; give receivers the new key before. This cannot be taken back.',
  overlap: 'The old key is good until {at}; until then every message carries both signatures.', previous: 'Old key: ', verify: 'Receivers use it to check the header ', verifyHow: '; see “Posting to a URL” in the API guide. Looking at the key is kept in the audit.',
  destinations: 'Posted to', none: 'No rule posts to a URL yet', noneHelp: 'Add the action “Post to a URL” to a rule and it appears here.', off: ' (off)', waiting: '{n} waiting',
}
