/**
 * Every way the product says no, in both languages: what happened, and what to do about it.
 * `{name}` in a sentence is filled from the refusal's params; in English from `nameEn` where a param of that name is given. No code appears that is not declared here.
 */
export interface ErrorEntry { status: number; zh: string; en: string; remedy: { zh: string; en: string } }
const entry = (status: number, zh: string, en: string, remedyZh: string, remedyEn: string): ErrorEntry => ({ status, zh, en, remedy: { zh: remedyZh, en: remedyEn } })

export const ERRORS = {
  ABSENCE_OVER: entry(409, '这次请假已经结束', 'This absence is over', '请刷新页面', 'Reload the page'),
  ABSENCE_OVERLAPS: entry(409, '{name} 在 {from} 至 {to} 已登记请假', '{name} is already away from {from} to {to}', '请改时间，或先取消那一次', 'Change the time, or call the other one off'),
  ACT_NOT_OFFERED: entry(409, '这条记录现在不能「{act}」', '“{act}” is not possible for this record now', '请刷新后查看它的最新状态', 'Reload it and see where it stands'),
  AGGREGATE_NOT_AVAILABLE: entry(422, '字段「{field}」不能这样统计', 'Field “{field}” cannot be reckoned like this', '请换一个字段，或换一种算法', 'Choose another field or another measure'),
  AGGREGATE_TOO_LARGE: entry(422, '要统计的数据太多，{seconds} 秒内没有算完', 'There is too much to reckon within {seconds} seconds', '请缩小时间范围，或加一些筛选', 'Choose a shorter time or filter first'),
  BODY_TOO_LARGE: entry(413, '提交的内容超过 {limit}', 'The body is larger than {limit}', '请减少内容后再提交', 'Send less'),
  BUSY: entry(503, '服务正忙', 'The service is busy', '请稍后重试', 'Try again shortly'),
  CLOCK_FIXED: entry(403, '这里的时钟不能拨动', 'The clock cannot be moved here', '仅在本机以 --test-clock 启动的演示或测试数据上可用', 'Only with --test-clock, from this machine, on demo or test data'),
  COMMENT_NOT_YOURS: entry(403, '只能修改或撤回自己的评论', 'Only your own comments can be changed or withdrawn', '请联系写这条评论的人', 'Ask whoever wrote it'),
  COMMENT_TOO_OLD: entry(422, '发出超过 {minutes} 分钟的评论不能再修改', 'A comment older than {minutes} minutes cannot be changed', '可以撤回后重新发表', 'Withdraw it and write a new one'),
  CONDITION_INVALID: entry(422, '条件有误：{reason}', 'The condition is not valid: {reason}', '请按提示修改条件', 'Correct the condition as the reason says'),
  CSRF_FAILED: entry(403, '这个请求不是从本系统页面发出的', 'The request did not come from our own page', '请刷新页面后重试', 'Reload the page and try again'),
  CURSOR_INVALID: entry(400, '翻页标记已失效', 'The page cursor is not valid', '请从第一页重新打开列表', 'Open the list from its first page'),
  DATABASE_AWAY: entry(503, '服务暂时不可用，数据没有丢失', 'The service is briefly unavailable; nothing was lost', '请稍后重试', 'Try again shortly'),
  DATE_INVALID: entry(422, '「{value}」不是有效日期', '“{value}” is not a valid date', '请写成 2026-11-22 这样的格式', 'Write it as 2026-11-22'),
  DEFINITION_BUSY: entry(409, '「{object}」的数据正被长时间占用，配置没有改动', 'The data of “{object}” is held by long work; nothing was changed', '请稍后再保存一次', 'Save it again in a moment'),
  DEFINITION_INVALID: entry(422, '配置有误：{reason}', 'The definition is not valid: {reason}', '请按提示修改后再保存', 'Correct it as the reason says'),
  DEFINITION_IN_USE: entry(409, '还在使用中：{reason}', 'Still in use: {reason}', '请先改掉这些用处，或改为停用', 'Change those uses first, or switch it off instead'),
  DEFINITION_STALE: entry(409, '这份配置刚被别人改过，现在是第 {version} 版', 'Somebody has just changed this definition; it is at version {version} now', '请查看最新版本后再保存', 'Look at the latest version and save again'),
  DELETION_DECIDED: entry(409, '这次删除已经处理过了', 'This deletion has been decided already', '请刷新后查看结果', 'Reload and see how it ended'),
  DELETION_OWN: entry(403, '不能复核自己的删除', 'You cannot agree to your own deletion', '请由另一位同事复核', 'Let somebody else decide'),
  DELETION_TOO_MANY: entry(409, '{minutes} 分钟内删除超过 {records} 条，需要另一个人复核，没有删除任何记录', 'More than {records} deletions within {minutes} minutes need a second person; nothing was deleted', '请在列表里选中后删除，系统会提交复核', 'Delete them from the list: they are put forward for agreement'),
  ERASURE_NOT_A_PERSON: entry(422, '这条记录不代表一个人，没有可删除的个人信息', 'This record stands for no person', '请从联系人、线索这样的记录发起', 'Begin from the record of a person'),
  ERASURE_OPEN: entry(409, '这个人已有一份删除申请在处理', 'A request to erase this person is under way', '请打开「个人信息请求」查看进度', 'Open the requests about personal data to see it'),
  EVENT_ENDS_EARLY: entry(422, '结束要晚于开始', 'It must end after it starts', '请改开始或结束时间', 'Change when it starts or ends'),
  EXPORT_TOO_LARGE: entry(422, '一次最多导出 {most} 行', 'At most {most} rows can be exported at once', '请先筛选，分几次导出', 'Filter first and export in parts'),
  EXPORT_GONE: entry(410, '导出的文件已经过期或没有做成', 'The exported file has expired or was never made', '请重新导出', 'Export it again'),
  FIELD_NOT_AVAILABLE: entry(400, '字段「{field}」不可用', 'Field “{field}” is not available', '请检查字段名，或向管理员申请权限', 'Check the field name or ask an administrator for access'),
  FIELD_READ_ONLY: entry(422, '字段「{field}」不能修改', 'Field “{field}” cannot be changed', '请去掉这个字段后再保存', 'Remove this field and save again'),
  FILE_EMPTY: entry(422, '文件「{name}」是空的', 'The file “{name}” is empty', '请换一个有内容的文件', 'Choose a file with content'),
  FILE_INFECTED: entry(422, '文件「{name}」带有病毒（{virus}），没有保存', 'The file “{name}” carries a virus ({virus}) and was not kept', '请先在自己的电脑上杀毒', 'Clean it on your own computer first'),
  FILE_TOO_LARGE: entry(413, '文件超过 {limit} MB', 'The file is larger than {limit} MB', '请压缩或拆分后再上传', 'Compress or split it and upload again'),
  FILE_TYPE_REFUSED: entry(422, '不能上传「{name}」这种文件', 'Files such as “{name}” are not taken', '可以上传图片、PDF、Office 文档、文本、压缩包、录音和视频', 'Images, PDF, office documents, text, archives, recordings and videos are taken'),
  FORBIDDEN: entry(403, '你没有权限做这件事', 'You are not allowed to do this', '如确有需要，请联系管理员开通', 'Ask an administrator if you need it'),
  GRANT_EXCEEDS_OWN: entry(403, '不能授予超出自己的权限：{role}', 'You cannot grant more than you hold: {role}', '请由拥有该权限的管理员操作', 'Ask an administrator who holds it'),
  IDEMPOTENCY_CONFLICT: entry(409, '同一个 Idempotency-Key 已用于另一份内容', 'This Idempotency-Key was used with another body', '请换一个新的 Idempotency-Key', 'Use a new Idempotency-Key'),
  IMPORT_MAPPING: entry(422, '列的对应还不完整：{reason}', 'The columns are not matched yet: {reasonEn}', '请在「对应列」里改好后再继续', 'Correct it under “Match columns”'),
  IMPORT_NOT_NOW: entry(409, '这次导入现在不能{act}', 'This import cannot be {actEn} now', '请刷新后查看它的状态', 'Reload and see where it stands'),
  INTERNAL: entry(500, '系统出错了，已记录', 'Something went wrong; it has been recorded', '请重试；如仍失败，请把编号 {requestId} 告诉管理员', 'Try again; if it persists, give {requestId} to your administrator'),
  JSON_INVALID: entry(400, '内容不是有效的 JSON', 'The body is not valid JSON', '请检查格式后重试', 'Check the format and try again'),
  JSON_TOO_DEEP: entry(400, '内容嵌套过深', 'The body is nested too deeply', '请减少嵌套层数', 'Nest it less'),
  KEY_UNKNOWN: entry(422, '不认识的字段「{field}」', 'Unknown key “{field}”', '请去掉它或检查拼写', 'Remove it or check its spelling'),
  LAST_ADMINISTRATOR: entry(409, '至少要保留一位能管理成员的成员', 'At least one member who can manage members must remain', '请先把管理员角色交给另一位成员', 'Give the administrator role to somebody else first'),
  LINK_INVALID: entry(410, '链接无效、已用过或已过期', 'The link is not valid, was used, or has expired', '请向管理员要一个新链接', 'Ask your administrator for a new one'),
  MASKED_VALUE: entry(422, '「{field}」对你是脱敏显示的，不能修改', '“{field}” is shown to you in part only and cannot be changed', '请让负责人或能看到完整内容的人修改', 'Ask its owner or somebody who sees all of it'),
  MEDIA_TYPE_UNSUPPORTED: entry(415, '不支持这种内容类型', 'This content type is not supported', '请用 application/json 提交', 'Send application/json'),
  MENTION_UNREADABLE: entry(422, '{names}看不到这条记录，@ 了也收不到', '{names} cannot see this record and would not be told', '请去掉这个 @，或先请负责人加为协作人', 'Remove the mention, or ask the owner to give them access first'),
  NOT_FOUND: entry(404, '没有找到，或你无权查看', 'Not found, or not yours to see', '请检查链接，或向负责人确认', 'Check the link or ask its owner'),
  NUMBER_INVALID: entry(422, '「{value}」不是有效数字', '“{value}” is not a valid number', '请填写数字，例如 500000 或 50万', 'Write a number such as 500000'),
  PASSWORD_CHANGE_REQUIRED: entry(403, '请先修改初始密码', 'Change the initial password first', '在「修改密码」中设置自己的密码', 'Set a password of your own'),
  PASSWORD_WEAK: entry(422, '密码太弱：{reason}', 'The password is too weak: {reason}', '请用至少 10 个字符，且不含账号或姓名', 'Use at least 10 characters, without your account or name'),
  PASSWORD_WRONG: entry(422, '当前密码不对', 'The current password is wrong', '请重新输入当前密码', 'Enter the current password again'),
  PHONE_INVALID: entry(422, '「{value}」不是有效的电话号码', '“{value}” is not a valid phone number', '请检查位数，例如 138 0013 8000', 'Check the digits, e.g. 138 0013 8000'),
  ASSIGNED_MEANWHILE: entry(409, '这条记录刚刚有了负责人', 'This record has an owner by now', '请刷新后再看', 'Reload and look again'),
  NOBODY_AVAILABLE: entry(409, '按分配方案没有人能接这条记录', 'By the assignment policy nobody can take this record', '请指定一位负责人，或调高成员的承接上限', 'Choose somebody, or raise a member’s limit'),
  POOL_COOLING: entry(409, '这条记录原来由你负责，{until} 之前不能再领', 'This record was yours; you cannot claim it before {until}', '请让同事领取，或到期后再领', 'Let a colleague claim it, or wait until then'),
  POOL_DAILY_LIMIT: entry(409, '今天从「{pool}」领取的已达上限 {limit} 条', 'You have claimed {limit} from “{pool}” today, which is the limit', '请明天再领，或请主管直接转给你', 'Claim again tomorrow, or ask your supervisor to hand it to you'),
  POOL_HOLDING_LIMIT: entry(409, '你持有的{object}已达上限 {limit} 条', 'You hold {limit} of {object}, which is the limit', '请先跟进、转出或退回一部分', 'Finish, hand over or release some first'),
  POOL_TAKEN: entry(409, '这条记录已被别人领走', 'Somebody else has claimed this record', '请刷新后领取其他记录', 'Reload and claim another'),
  FIELD_LOCKED: entry(423, '「{field}」在这条记录里不能由你修改', 'You cannot change “{field}” in this record', '请点字段旁的锁看是哪条权限策略，由有权限的人修改', 'The lock beside the field says which policy; ask somebody with the right'),
  POLICY_TAG_PROTECTED: entry(403, '标签「{tag}」关系到权限，要有「权限标签」权限才能增减', 'Tag “{tag}” decides permissions; setting or removing it takes the right to such tags', '请联系管理员', 'Ask an administrator'),
  TAKEN_AS_SUGGESTION: entry(403, '你的账号不能直接写入，已作为建议提交，等待审核', 'Your account may not write; what you sent is kept as a suggestion until somebody takes it', '在「建议单」里可以看到处理结果', 'See what becomes of it among your suggestions'),
  SUGGESTION_DECIDED: entry(409, '这条建议已经处理过了', 'This suggestion has been decided already', '刷新后查看结果', 'Reload to see what became of it'),
  RATE_LIMITED: entry(429, '操作太频繁', 'Too many requests', '请 {seconds} 秒后再试', 'Try again in {seconds} seconds'),
  RECORD_LOCKED: entry(423, '这条记录已锁定', 'This record is locked', '请点「申请解锁」，由主管或管理员解锁', 'Ask for it to be unlocked by a supervisor or administrator'),
  REQUEST_INVALID: entry(400, '请求有误：{reason}', 'The request is not valid: {reason}', '请按提示修改后重试', 'Correct it as the reason says'),
  RULE_NOT_SUPPORTED: entry(422, '规则还不能启用：{reason}', 'The rule cannot be switched on yet: {reason}', '可以先保存为模板，或去掉这一部分再启用', 'Keep it as a template, or remove that part and switch it on'),
  RULE_BEYOND_RIGHTS: entry(403, '部门的规则不能做你自己做不了的事：{reason}', 'A rule of your department cannot do what you could not: {reason}', '请去掉这一项，或请有「自动化规则」权限的人来建', 'Take it out, or ask somebody with the right to rules'),
  RULE_REQUIRED: entry(403, '规则「{name}」是必做的，不能为自己暂停', 'Rule “{name}” is required and cannot be paused for oneself', '请联系规则的负责人', 'Ask whoever looks after the rule'),
  RULE_WITHOUT_TEAM: entry(422, '请选这条规则适用的部门，只能选自己带的', 'Choose the department that the rule is for, one that you lead', '在规则下方选「适用部门」', 'Choose it below the rule'),
  RUN_SETTLED: entry(409, '这次执行已经不是这个状态了', 'This run no longer stands so', '请刷新后再看', 'Reload and look again'),
  SCOPE_MISSING: entry(403, '这个 API 密钥没有 {scope} 权限', 'This API key lacks the scope {scope}', '请新建一个带该权限的密钥', 'Create a key with that scope'),
  SEGMENT_TAG: entry(422, '【{tag}】是动态标签，满足条件自动打上，不满足自动去掉，不能手动改', '“{tag}” is a segment: it comes and goes with its condition and cannot be set by hand', '要改哪些记录有它，请改它的条件', 'Change its condition to change who carries it'),
  SET_UP_ALREADY: entry(409, '已经完成设置', 'Set-up is already done', '请直接登录', 'Sign in'),
  SHEET_TOO_LONG: entry(422, '一次最多导入 {most} 行', 'At most {most} rows can be imported at once', '请拆成几个文件，分几次导入', 'Split the file and import it in parts'),
  SHEET_UNREADABLE: entry(422, '读不出「{name}」：{reason}', '“{name}” cannot be read: {reasonEn}', '请在 Excel 或 WPS 里另存为 .xlsx（不带宏和密码）或 .csv，再上传', 'Save it as .xlsx without macros and password, or as .csv, and upload it again'),
  SECOND_FACTOR_LOCKED: entry(429, '验证码错了太多次，{minutes} 分钟内不能再试', 'Too many wrong codes; none is taken for {minutes} minutes', '请稍后再试，或请管理员重置两步验证', 'Try later, or ask an administrator to reset it'),
  SECOND_FACTOR_NEEDED: entry(409, '你的角色要求两步验证，不能关闭', 'Your role asks for a second factor; it cannot be switched off', '换手机时请先用恢复码，再重新设置', 'For a new phone, use a recovery code and set it up again'),
  SECOND_FACTOR_NOT_BEGUN: entry(409, '还没有开始设置两步验证，或已经设置好了', 'No second factor is being set up', '请刷新页面后重新开始', 'Reload the page and begin again'),
  SECOND_FACTOR_ON: entry(409, '两步验证已经开启', 'The second factor is on already', '要换手机，请先关闭再重新设置', 'For a new phone, switch it off and set it up again'),
  SECOND_FACTOR_REQUIRED: entry(422, '请输入验证码', 'Enter the code of your second factor', '打开手机上的验证器，输入 6 位数字；手机不在身边就用恢复码', 'Open your authenticator and enter the six digits, or a recovery code'),
  SECOND_FACTOR_SETUP_REQUIRED: entry(403, '你的角色要求两步验证，请先设置', 'Your role asks for a second factor; set it up first', '按页面提示用手机扫码', 'Scan the code as the page says'),
  SECOND_FACTOR_WRONG: entry(422, '验证码不对或已经用过', 'The code is wrong or was used before', '请等下一个验证码再试；手机时间要准', 'Wait for the next code; the phone’s clock must be right'),
  SIGN_IN_FAILED: entry(401, '账号或密码不对', 'The account or the password is wrong', '请检查后重试，或使用「忘记密码」', 'Check them, or use “forgotten password”'),
  SIGN_IN_REQUIRED: entry(401, '请先登录', 'Please sign in', '登录后再试', 'Sign in and try again'),
  SLOTS_NEVER_OPEN: entry(422, '这些时段把一整周都关掉了', 'These hours close the whole week', '请至少留出一段可以推送的时间，或直接暂停规则', 'Leave some hours open, or pause the rules instead'),
  STAND_IN_AWAY: entry(409, '{name} 那段时间也请假（{from} 至 {to}），不能代理', '{name} is away at that time too ({from} to {to}) and cannot stand in', '请选另一位代理人', 'Choose somebody else'),
  TEAM_IN_USE: entry(409, '部门里还有成员、下级部门或归属的记录', 'The team still has members, teams below it or records', '请先把他们移到别的部门，把记录转给别的负责人', 'Move them to another team and hand the records over first'),
  TEXT_INVALID: entry(400, '内容含有不能保存的字符', 'The text contains a character that cannot be stored', '请删除不可见的控制字符后重试', 'Remove invisible control characters'),
  SORT_NOT_AVAILABLE: entry(422, '记录太多，不能按「{field}」排序', 'There are too many records to sort by “{field}”', '请先筛选，或让管理员把这个字段设为可排序', 'Filter first, or ask an administrator to make the field sortable'),
  TEXT_TOO_LONG: entry(422, '「{field}」最多 {max} 个字', '“{field}” takes at most {max} characters', '请缩短后再保存', 'Shorten it and save again'),
  TOO_MANY_STREAMS: entry(429, '同时打开的实时页面太多', 'Too many live pages are open', '请关闭一些页面', 'Close some pages'),
  UNDO_IMPOSSIBLE: entry(409, '这一步不能撤销', 'This step cannot be undone', '请直接修改记录或配置', 'Change the record or the definition instead'),
  UNDO_TOO_MUCH: entry(422, '一次最多撤销 {most} 次操作', 'At most {most} acts can be undone at once', '请缩小时间范围，分几次撤销', 'Choose a shorter time and undo in parts'),
  VALUE_DUPLICATE: entry(409, '「{field}」的值已被使用', 'The value of “{field}” is already in use', '请换一个值，或打开已有的记录', 'Choose another value or open the existing record'),
  SUBMISSION_SETTLED: entry(409, '这份提交已经处理过了', 'This submission has been settled already', '请刷新列表', 'Reload the list'),
  SUBMISSION_UNREADABLE: entry(422, '更正后仍然认不出：{reason}', 'It still cannot be read: {reasonEn}', '请改好标出的那一项再提交', 'Correct the marked answer and submit again'),
  VALUE_INVALID: entry(422, '「{field}」的值不对：{reason}', 'The value of “{field}” is not valid: {reason}', '请按提示修改', 'Correct it as the reason says'),
  VALUE_REQUIRED: entry(422, '请填写「{field}」', '“{field}” is required', '填写后再保存', 'Fill it in and save again'),
  VERSION_STALE: entry(409, '这条记录刚被别人改过：{fields}', 'Somebody has just changed this record: {fields}', '请查看最新内容后再保存', 'Look at the latest values and save again'),
  VIEW_ENDED: entry(403, '以他人视角查看已结束', 'Looking as another member has ended', '请退出后重新开始', 'Leave it and begin again'),
  VIEW_ONLY: entry(403, '以他人视角查看时只能看，不能改', 'While looking as another member nothing can be changed', '请先退出他人视角', 'Leave the other member’s view first'),
} as const satisfies Record<string, ErrorEntry>
export type ErrorCode = keyof typeof ERRORS

/** A sentence with its `{name}`s filled, each as `shown`; what is not given stands as its bare name. */
export const filled = (sentence: string, words: Readonly<Record<string, string | number>> = {}, shown: (word: string) => string = (word) => word): string =>
  sentence.replace(/\{(\w+)\}/g, (hole, name: string) => (words[name] === undefined ? hole.slice(1, -1) : shown(String(words[name]))))

/** A no that a person can act on. Rooms return it; the edge renders it in the reader's language. */
export interface Refusal { code: ErrorCode; path?: string | undefined; params?: Record<string, string | number> | undefined }
export const refuse = (code: ErrorCode, path?: string, params?: Record<string, string | number>): Refusal => ({ code, path, params })

/** Carries a refusal through code that cannot return it; the edge and the batch boundaries unwrap it. */
export class Refused extends Error {
  override name = 'Refused'
  readonly refusal: Refusal
  constructor(refusal: Refusal) { super(refusal.code); this.refusal = refusal }
}
export const refused = (code: ErrorCode, path?: string, params?: Record<string, string | number>): never => { throw new Refused(refuse(code, path, params)) }
