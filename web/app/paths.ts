/** Addresses of the product, shared with the phone entry: a link that a colleague sends opens on either. */
export const at = {
  home: '/',
  imports: (object: string) => `/imports/${object}`,
  import: (object: string, id: string) => `/imports/${object}/${id}`,
  list: (object: string) => `/o/${object}`,
  record: (object: string, id: string) => `/o/${object}/${id}`,
  rules: '/automation',
  rule: (key: string) => `/automation/${key}`,
  assignment: '/assignment',
  forms: '/forms',
  form: (key: string) => `/forms/${key}`,
  prints: '/prints',
  print: (key: string) => `/prints/${key}`,
  objects: '/objects',
  objectDefinition: (key: string) => `/objects/${key}`,
  layout: (key: string) => `/objects/${key}/layout`,
  dictionary: (key: string) => `/objects/dictionaries/${key}`,
  intake: '/submissions',
  members: '/members',
  roles: '/roles',
  role: (key: string) => `/roles/${key}`,
  audit: '/audit',
  pools: '/pools',
  calendar: '/calendar',
  workingCalendar: '/working-calendar',
  webhooks: '/webhooks',
  trash: '/trash',
  deletions: '/deletions',
  deletion: (id: string) => `/deletions/${id}`,
  notifications: '/notifications',
  devices: '/account/devices',
  account: '/account',
  noticeSettings: '/account/notifications',
  signIn: '/sign-in',
  forgot: '/forgot',
  changePassword: '/change-password',
  setup: '/setup',
} as const

/** `/t/yunqi` where several tenants share an address, else nothing. */
export const tenantPrefix = (): string => /^\/t\/[a-z0-9-]+/.exec(location.pathname)?.[0] ?? ''
/** Only a path of our own may be returned to after sign-in. */
export const safeReturn = (to: unknown): string => (typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : at.home)
