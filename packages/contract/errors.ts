/**
 * Every way the product says no, in both languages: what happened, and what to do about it.
 * `{name}` in a sentence is filled from the refusal's params; in English from `nameEn` where a param of that name is given. No code appears that is not declared here.
 */
export interface ErrorEntry { status: number; zh: string; en: string; remedy: { zh: string; en: string } }
const entry = (status: number, zh: string, en: string, remedyZh: string, remedyEn: string): ErrorEntry => ({ status, zh, en, remedy: { zh: remedyZh, en: remedyEn } })

export const ERRORS = {
  BODY_TOO_LARGE: entry(413, '提交的内容超过 {limit}', 'The body is larger than {limit}', '请减少内容后再提交', 'Send less'),
  CONDITION_INVALID: entry(422, '条件有误：{reason}', 'The condition is not valid: {reason}', '请按提示修改条件', 'Correct the condition as the reason says'),
  CURSOR_INVALID: entry(400, '翻页标记已失效', 'The page cursor is not valid', '请从第一页重新打开列表', 'Open the list from its first page'),
  DATABASE_AWAY: entry(503, '服务暂时不可用，数据没有丢失', 'The service is briefly unavailable; nothing was lost', '请稍后重试', 'Try again shortly'),
  DATE_INVALID: entry(422, '「{value}」不是有效日期', '“{value}” is not a valid date', '请写成 2026-11-22 这样的格式', 'Write it as 2026-11-22'),
  DEFINITION_BUSY: entry(409, '「{object}」的数据正被长时间占用，配置没有改动', 'The data of “{object}” is held by long work; nothing was changed', '请稍后再保存一次', 'Save it again in a moment'),
  DEFINITION_IN_USE: entry(409, '还在使用中：{reason}', 'Still in use: {reason}', '请先改掉这些用处，或改为停用', 'Change those uses first, or switch it off instead'),
  DEFINITION_INVALID: entry(422, '配置有误：{reason}', 'The definition is not valid: {reason}', '请按提示修改后再保存', 'Correct it as the reason says'),
  DEFINITION_STALE: entry(409, '这份配置刚被别人改过，现在是第 {version} 版', 'Somebody has just changed this definition; it is at version {version} now', '请查看最新版本后再保存', 'Look at the latest version and save again'),
  FIELD_NOT_AVAILABLE: entry(400, '字段「{field}」不可用', 'Field “{field}” is not available', '请检查字段名，或向管理员申请权限', 'Check the field name or ask an administrator for access'),
  FIELD_READ_ONLY: entry(422, '字段「{field}」不能修改', 'Field “{field}” cannot be changed', '请去掉这个字段后再保存', 'Remove this field and save again'),
  FORBIDDEN: entry(403, '你没有权限做这件事', 'You are not allowed to do this', '如确有需要，请联系管理员开通', 'Ask an administrator if you need it'),
  IDEMPOTENCY_CONFLICT: entry(409, '同一个 Idempotency-Key 已用于另一份内容', 'This Idempotency-Key was used with another body', '请换一个新的 Idempotency-Key', 'Use a new Idempotency-Key'),
  INTERNAL: entry(500, '系统出错了，已记录', 'Something went wrong; it has been recorded', '请重试；如仍失败，请把编号 {requestId} 告诉管理员', 'Try again; if it persists, give {requestId} to your administrator'),
  JSON_INVALID: entry(400, '内容不是有效的 JSON', 'The body is not valid JSON', '请检查格式后重试', 'Check the format and try again'),
  JSON_TOO_DEEP: entry(400, '内容嵌套过深', 'The body is nested too deeply', '请减少嵌套层数', 'Nest it less'),
  KEY_UNKNOWN: entry(422, '不认识的字段「{field}」', 'Unknown key “{field}”', '请去掉它或检查拼写', 'Remove it or check its spelling'),
  NOT_FOUND: entry(404, '没有找到，或你无权查看', 'Not found, or not yours to see', '请检查链接，或向负责人确认', 'Check the link or ask its owner'),
  NUMBER_INVALID: entry(422, '「{value}」不是有效数字', '“{value}” is not a valid number', '请填写数字，例如 500000 或 50万', 'Write a number such as 500000'),
  PHONE_INVALID: entry(422, '「{value}」不是有效的电话号码', '“{value}” is not a valid phone number', '请检查位数，例如 138 0013 8000', 'Check the digits, e.g. 138 0013 8000'),
  RATE_LIMITED: entry(429, '操作太频繁', 'Too many requests', '请 {seconds} 秒后再试', 'Try again in {seconds} seconds'),
  REQUEST_INVALID: entry(400, '请求有误：{reason}', 'The request is not valid: {reason}', '请按提示修改后重试', 'Correct it as the reason says'),
  RULE_NOT_SUPPORTED: entry(422, '规则还不能启用：{reason}', 'The rule cannot be switched on yet: {reason}', '可以先保存为模板，或去掉这一部分再启用', 'Keep it as a template, or remove that part and switch it on'),
  SIGN_IN_FAILED: entry(401, '账号或密码不对', 'The account or the password is wrong', '请检查后重试，或使用「忘记密码」', 'Check them, or use “forgotten password”'),
  SIGN_IN_REQUIRED: entry(401, '请先登录', 'Please sign in', '登录后再试', 'Sign in and try again'),
  TEXT_TOO_LONG: entry(422, '「{field}」最多 {max} 个字', '“{field}” takes at most {max} characters', '请缩短后再保存', 'Shorten it and save again'),
  VALUE_DUPLICATE: entry(409, '「{field}」的值已被使用', 'The value of “{field}” is already in use', '请换一个值，或打开已有的记录', 'Choose another value or open the existing record'),
  VALUE_INVALID: entry(422, '「{field}」的值不对：{reason}', 'The value of “{field}” is not valid: {reason}', '请按提示修改', 'Correct it as the reason says'),
  VALUE_REQUIRED: entry(422, '请填写「{field}」', '“{field}” is required', '填写后再保存', 'Fill it in and save again'),
  VERSION_STALE: entry(409, '这条记录刚被别人改过：{fields}', 'Somebody has just changed this record: {fields}', '请查看最新内容后再保存', 'Look at the latest values and save again'),
} as const satisfies Record<string, ErrorEntry>
export type ErrorCode = keyof typeof ERRORS

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
