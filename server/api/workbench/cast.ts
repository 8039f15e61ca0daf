/**
 * Which objects and fields play which part on the home page: what the follow-up sheet writes, which records wait for
 * somebody, what they did last, what was promised. Names are the solution's; a part whose object or field is missing stays empty.
 */
export const WORKBENCH = {
  followUp: {
    object: 'activity',
    fields: { subject: 'subject', result: 'result', nextAt: 'next_at', resource: 'resource', note: 'note', method: 'method' },
  },
  /** The records that wait to be contacted. `closed`: states in which nobody waits any more. */
  subject: { object: 'lead', status: 'status', closed: ['converted', 'invalid', 'pool'], grade: 'grade', company: 'company', phone: 'phone', touched: 'first_touch_at', stalled: 'stalled' },
  /** What people did. `of`: objects whose own records count as mine, with the field that says when they last did something. */
  behaviour: { object: 'behaviour', subject: 'subject', kind: 'kind', page: 'page', seconds: 'seconds', material: 'material', content: 'content', at: 'occurred_at', of: { lead: 'last_behaviour_at', customer: 'last_behaviour_at' } },
  /** What was promised until when. The open one of kind `countdown` is the clock of the first contact. */
  task: { object: 'task', subject: 'subject', kind: 'kind', countdown: 'countdown', due: 'due_at', status: 'status', open: 'open', escalated: 'escalated_at' },
  /** What is to be earned: by when, how sure, and what was earned; the month's target of each member. */
  deal: { object: 'opportunity', stage: 'stage', won: ['signed', 'paid', 'accepted'], lost: ['lost'], closes: 'close_on', wonAmount: 'won_amount', weighted: 'weighted' },
  target: { object: 'target', metric: 'metric', signed: 'signed', member: 'member', month: 'month', goal: 'goal' },
  /** How a page is called in a sentence: the first whose text the address contains. */
  pages: [
    { contains: '/pricing', label: { zh: '定价页', en: 'the pricing page' } },
    { contains: '/case', label: { zh: '案例页', en: 'the case page' } },
    { contains: '/product', label: { zh: '产品页', en: 'the product page' } },
    { contains: '/resources', label: { zh: '资料下载页', en: 'the download page' } },
    { contains: '/diagnosis', label: { zh: '诊断页', en: 'the diagnosis page' } },
    { contains: '/about', label: { zh: '公司介绍页', en: 'the page about us' } },
  ],
} as const

/** The card of one person or company: what stands on it, and whose doings count as theirs. */
export const PANORAMA = {
  object: 'customer',
  people: { object: 'contact', via: 'customer' },
  belongs: [{ object: 'contact', via: 'customer' }, { object: 'lead', via: 'customer' }, { object: 'opportunity', via: 'customer' }, { object: 'ticket', via: 'customer' }],
  parts: [
    { key: 'tickets', of: 'record', object: 'ticket', via: 'customer', title: { zh: '未结工单', en: 'Open tickets' }, open: { field: 'status', closed: ['resolved', 'closed'] } },
    { key: 'people', of: 'record', object: 'contact', via: 'customer', title: { zh: '联系人', en: 'Contacts' } },
    { key: 'talks', of: 'family', object: 'activity', via: 'subject', title: { zh: '最近沟通', en: 'Recent communication' } },
    { key: 'behaviours', of: 'family', object: 'behaviour', via: 'subject', title: { zh: '最新行为', en: 'Latest behaviour' } },
    { key: 'orders', of: 'record', object: 'order', via: 'customer', title: { zh: '订单', en: 'Orders' } },
    { key: 'deals', of: 'record', object: 'opportunity', via: 'customer', title: { zh: '商机', en: 'Opportunities' } },
  ],
} as const
export type Workbench = typeof WORKBENCH
