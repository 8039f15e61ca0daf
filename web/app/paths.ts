/** Addresses of the product, shared with the phone entry: a link that a colleague sends opens on either. */
export const at = {
  home: '/',
  imports: (object: string) => `/imports/${object}`,
  import: (object: string, id: string) => `/imports/${object}/${id}`,
  exports: '/exports',
  list: (object: string) => `/o/${object}`,
  record: (object: string, id: string) => `/o/${object}/${id}`,
  rules: '/automation',
  rule: (key: string) => `/automation/${key}`,
  runs: '/runs',
  run: (event: number, rule: string) => `/runs/${event}/${rule === '*' ? 'event' : rule}`,
  trace: (event: number) => `/trace/${event}`,
  assignment: '/assignment',
  unassigned: '/unassigned',
  shifts: '/shifts',
  forms: '/forms',
  form: (key: string) => `/forms/${key}`,
  deeds: '/deeds',
  act: (key: string) => `/deeds/acts/${key}`,
  conversion: (key: string) => `/deeds/conversions/${key}`,
  prints: '/prints',
  print: (key: string) => `/prints/${key}`,
  objects: '/objects',
  objectDefinition: (key: string) => `/objects/${key}`,
  layout: (key: string) => `/objects/${key}/layout`,
  tag: (key: string) => `/objects/tags/${encodeURIComponent(key)}`,
  dictionary: (key: string) => `/objects/dictionaries/${key}`,
  intake: '/submissions',
  members: '/members',
  policies: '/policies',
  suggestions: '/suggestions',
  policyScan: '/policies/scan',
  policy: (key: string) => `/policies/${key}`,
  roles: '/roles',
  role: (key: string) => `/roles/${key}`,
  audit: '/audit',
  pools: '/pools',
  calendar: '/calendar',
  workingCalendar: '/working-calendar',
  webhooks: '/webhooks',
  trash: '/trash',
  backups: '/backups',
  configuration: '/configuration',
  approvals: '/approvals',
  approval: (id: string) => `/approvals/${id}`,
  deletions: '/deletions',
  deletion: (id: string) => `/deletions/${id}`,
  erasures: '/erasures',
  erasure: (id: string) => `/erasures/${id}`,
  notifications: '/notifications',
  devices: '/account/devices',
  absences: '/absences',
  ownAutomation: '/my-automation',
  account: '/account',
  noticeSettings: '/account/notifications',
  signIn: '/sign-in',
  /** Where a provider sends people back; its key follows. */
  through: '/sign-in/through/',
  companySignIn: '/company-sign-in',
  forgot: '/forgot',
  changePassword: '/change-password',
  twoFactor: '/two-factor',
  setup: '/setup',
} as const

/** Where a thing is looked at, also one that is no record; null where there is nothing to see. */
export function placeFor(object: string, id: string): string | null {
  switch (object) {
    case 'system:trash': return at.trash
    case 'system:backup': return at.backups
    case 'system:export': return at.exports
    case 'system:approval': return at.approval(id)
    case 'system:deletion': return at.deletion(id)
    case 'system:erasure': return at.erasure(id)
    default: return object.startsWith('system:') ? null : at.record(object, id)
  }
}

/** Where what acts under this key is configured: a rule, a later step of an assignment policy, a segment; null: nowhere of its own. */
export function ruleAt(key: string): string | null {
  const [kind = '', name] = key.replace(/#\d+$/, '').split(':')
  if (name === undefined) return key === '*' ? null : at.rule(key)
  if (kind === 'fallback') return `${at.assignment}?policy=${name}`
  return kind === 'segment' ? at.tag(name) : null
}

/** `/t/yunqi` where several tenants share an address, else nothing. */
export const tenantPrefix = (): string => /^\/t\/[a-z0-9-]+/.exec(location.pathname)?.[0] ?? ''
/** Only a path of our own may be returned to after sign-in. */
export const safeReturn = (to: unknown): string => (typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : at.home)
