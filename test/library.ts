import { Solution } from '#language/definitions'

const label = (zh: string, en: string) => ({ zh, en })
const words = (...keys: string[]) => keys.map((key) => ({ key, label: label(key, key) }))

/** A lending library: a whole, small solution without a word of selling, for tests of what the kernel does with any solution. */
export const LIBRARY: Solution = Solution.parse({
  key: 'library',
  label: label('图书馆', 'Library'),
  version: '1',
  activeRules: ['overdue', 'welcome'],
  dictionary: [
    { key: 'genre', label: label('类别', 'Genre'), options: [...words('fiction', 'science'), { key: 'physics', label: label('物理', 'Physics'), parent: 'science' }] },
    { key: 'loan_state', label: label('借阅状态', 'Loan state'), options: words('out', 'back', 'lost') },
    { key: 'standing', label: label('信用', 'Standing'), options: words('good', 'new', 'poor') },
  ],
  object: [
    { key: 'book', label: label('图书', 'Book'), title: 'name', subtitle: ['isbn'], fields: [
      { key: 'name', label: label('书名', 'Name'), kind: 'text', required: true, sortable: true, searchable: true },
      { key: 'isbn', label: label('书号', 'ISBN'), kind: 'text', unique: true },
      { key: 'genre', label: label('类别', 'Genre'), kind: 'select', dictionary: 'genre', sortable: true },
      { key: 'topics', label: label('主题', 'Topics'), kind: 'multiselect', dictionary: 'genre' },
      { key: 'price', label: label('价格', 'Price'), kind: 'money', sortable: true },
      { key: 'number', label: label('编号', 'Number'), kind: 'auto', auto: { prefix: 'B', digits: 6 } },
    ] },
    { key: 'reader', label: label('读者', 'Reader'), title: 'name', load: { kind: 'reader', while: { field: 'standing', op: 'ne', value: 'poor' } }, fields: [
      { key: 'name', label: label('姓名', 'Name'), kind: 'text', required: true, sortable: true, searchable: true },
      { key: 'phone', label: label('电话', 'Phone'), kind: 'phone', personal: true },
      { key: 'region', label: label('地区', 'Region'), kind: 'region' },
      { key: 'interest', label: label('兴趣', 'Interest'), kind: 'select', dictionary: 'genre' },
      { key: 'standing', label: label('信用', 'Standing'), kind: 'select', dictionary: 'standing', default: 'new' },
      { key: 'joined', label: label('入会日', 'Joined'), kind: 'date', default: { now: true } },
    ] },
    { key: 'loan', label: label('借阅', 'Loan'), title: 'note', timeline: ['reader', 'book'], scopeVia: 'reader', fields: [
      { key: 'note', label: label('备注', 'Note'), kind: 'text' },
      { key: 'book', label: label('图书', 'Book'), kind: 'reference', to: 'book', required: true },
      { key: 'reader', label: label('读者', 'Reader'), kind: 'reference', to: 'reader', required: true },
      { key: 'due', label: label('到期', 'Due'), kind: 'datetime', sortable: true },
      { key: 'state', label: label('状态', 'State'), kind: 'select', dictionary: 'loan_state', default: 'out' },
      { key: 'fine', label: label('罚款', 'Fine'), kind: 'decimal' },
      { key: 'about', label: label('相关', 'About'), kind: 'anyReference', to: '*' },
      { key: 'clerk', label: label('经办人', 'Clerk'), kind: 'member', default: { me: true } },
    ] },
  ],
  tag: [{ key: '常客', label: label('常客', 'Regular') }, { key: '停借', label: label('停借', 'Suspended'), policy: true }],
  role: [
    { key: 'librarian', label: label('馆员', 'Librarian'), rights: ['definitions'], home: 'workbench', objects: {
      book: { read: 'all', create: 'all', edit: 'all' }, reader: { read: 'all', create: 'all', edit: 'all', fields: { phone: { write: true } } }, loan: { read: 'all', create: 'all', edit: 'all' } } },
    { key: 'helper', label: label('义工', 'Helper'), rights: [], home: 'tasks', objects: { book: { read: 'all' }, reader: { read: 'own', fields: { phone: { read: 'hidden' } } } } },
  ],
  grading: [{ key: 'standing', label: label('信用', 'Standing'), object: 'reader', field: 'standing', levels: [
    { value: 'poor', condition: { some: { object: 'loan', via: 'reader' }, where: { field: 'state', op: 'eq', value: 'lost' } }, reason: label('丢过书', 'Lost a book') },
    { value: 'good', condition: { count: { object: 'loan', via: 'reader' }, op: 'ge', value: 3, where: { field: 'state', op: 'eq', value: 'back' } }, reason: label('还过三次', 'Three returns') },
    { value: 'new', condition: { all: [] }, reason: label('新读者', 'New') },
  ] }],
  assignmentPolicy: [{ key: 'by_interest', label: label('按兴趣', 'By interest'), object: 'reader', skillField: 'interest', regionField: 'region', weights: { skill: 0.5, region: 0.3, load: 0.2 },
    skillFit: { same: 1, parent: 0.6, general: 0.5 }, excludeMissingSkill: true, regionFit: { same: 1, area: 0.6, other: 0.2 }, regionOnly: false, preferLoadBelow: 0.65, roles: ['helper'],
    exclusions: [{ when: { field: 'interest', op: 'eq', value: 'physics' }, lacks: 'science', reason: label('需理科', 'Needs science') }], fallback: { pool: 'region', alertRole: 'librarian' }, active: true }],
  form: [{ key: 'join', label: label('入会', 'Join'), object: 'reader', fields: [
    { name: '姓名', field: 'name', label: label('姓名', 'Name'), required: true }, { name: 'phone', field: 'phone', label: label('电话', 'Phone'), required: true }],
    identity: { field: 'phone', kind: 'phone' }, joinDays: 30, existing: [], constants: { standing: 'new' }, context: { ipRegion: 'region' },
    consent: { version: '1', purpose: '入会', text: label('同意', 'I agree') }, origins: ['*'], honeypot: 'website', perMinutePerIp: 60, active: true }],
  rule: [
    { key: 'overdue', label: label('逾期提醒', 'Overdue'), trigger: { on: 'deadline', object: 'loan', field: 'due' }, condition: { field: 'state', op: 'eq', value: 'out' }, priority: 10,
      actions: [{ do: 'notify', to: [{ owner: true }, { role: 'librarian' }], kind: 'overdue', title: '「{{note}}」已到期' }, { do: 'set', via: 'reader', values: { standing: 'poor' } }] },
    { key: 'welcome', label: label('欢迎', 'Welcome'), trigger: { on: 'created', object: 'reader', form: 'join' }, condition: { all: [] }, priority: 20,
      actions: [{ do: 'tag', add: ['常客'] }, { do: 'assign', policy: 'by_interest' }, { do: 'grade', grading: 'standing' }] },
    { key: 'returned', label: label('归还', 'Returned'), trigger: { on: 'changed', object: 'loan', fields: ['state'] }, condition: { changedTo: 'state', value: 'back' }, priority: 30,
      actions: [{ do: 'set', values: { note: { text: '{{note}} 已还' } } }] },
  ],
  view: [{ key: 'out', label: label('借出', 'Out'), object: 'loan', filter: { field: 'state', op: 'eq', value: 'out' }, sort: [{ field: 'due', direction: 'asc' }], columns: ['book', 'reader', 'due'], owner: null, shared: true, order: 1 }],
  calendar: [{ key: 'working', label: label('工作日历', 'Working calendar'), weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: '18:00', years: [{ year: 2028, source: '馆内通知', holidays: [{ label: label('馆庆', 'Founding day'), from: '2028-03-01', to: '2028-03-02' }], workdays: ['2028-03-04'] }] }],
})
