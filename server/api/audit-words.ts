/** Why a company account was not let in, and whom a provider lets in. What a library said of a provider stays as it said it. */
export const ADMITTING: Record<string, { zh: string; en: string }> = {
  unknown: { zh: '没有对应的成员', en: 'No such member' }, suspended: { zh: '成员已停用', en: 'The member is suspended' }, domain: { zh: '邮箱不在允许的域名里', en: 'Not of the domains that are let in' },
  'another account': { zh: '这位成员已对应另一个企业账号', en: 'The member has another company account' }, 'switched off': { zh: '企业登录已停用', en: 'The company sign-in is switched off' },
  matched: { zh: '只认已有的成员', en: 'Members only' }, created: { zh: '没有的自动加入', en: 'Others join' } }

/** What somebody has decided about a run, or answered when it asked. */
export const DECIDED: Record<string, { zh: string; en: string }> = {
  approve: { zh: '同意', en: 'Approved' }, refuse: { zh: '不同意', en: 'Refused' }, retry: { zh: '重试', en: 'Tried again' }, dismiss: { zh: '忽略', en: 'Dismissed' }, restore: { zh: '恢复', en: 'Restored' }, cancel: { zh: '取消执行', en: 'Called off' },
  go: { zh: '不等了，现在继续', en: 'Goes on now' }, met: { zh: '按等到了继续', en: 'Goes on as if met' }, late: { zh: '按超时继续', en: 'Goes on as too late' }, skip: { zh: '跳过一步继续', en: 'Goes on without a step' } }

/** What the log keeps of its own accord, in words. */
export const LOGGED: Record<string, { zh: string; en: string }> = {
  suggested: { zh: '建议的字段', en: 'Suggested fields' }, accepted: { zh: '采纳的字段', en: 'Fields taken' }, made: { zh: '写成的记录', en: 'Record written' },
  paused: { zh: '为自己暂停的规则', en: 'Rules paused for oneself' }, slots: { zh: '不推送的时段', en: 'Hours without messages' },
  decision: { zh: '决定', en: 'Decision' }, rule: { zh: '规则', en: 'Rule' }, run: { zh: '执行编号', en: 'Run' }, version: { zh: '规则版本', en: 'Version of the rule' }, step: { zh: '步骤', en: 'Step' }, branch: { zh: '并行的分支', en: 'Parallel branch' }, about: { zh: '关于', en: 'About' },
  number: { zh: '编号', en: 'Number' }, print: { zh: '打印模板', en: 'Print template' }, object: { zh: '对象', en: 'Object' }, record: { zh: '记录', en: 'Record' }, rows: { zh: '行数', en: 'Rows' }, filter: { zh: '筛选条件', en: 'Filter' }, columns: { zh: '列', en: 'Columns' }, format: { zh: '格式', en: 'Format' }, state: { zh: '状态', en: 'State' }, reason: { zh: '原因', en: 'Reason' }, records: { zh: '条数', en: 'Records' }, deeds: { zh: '跟进、评论和行为', en: 'Follow-ups, comments, behaviours' }, changes: { zh: '变更', en: 'Changes' }, acts: { zh: '操作说明', en: 'Reasons' }, submissions: { zh: '原始提交', en: 'Submissions' }, notices: { zh: '通知', en: 'Notices' }, files: { zh: '附件', en: 'Files' }, traces: { zh: '访问与导入导出痕迹', en: 'Traces' }, mentions: { zh: '别处提到', en: 'Other mentions' }, minutes: { zh: '分钟', en: 'Minutes' }, fields: { zh: '看了什么', en: 'What was read' }, read: { zh: '哪些记录', en: 'Of which records' }, exports: { zh: '可能出自', en: 'Likely from' }, taken: { zh: '下载', en: 'Downloaded' }, route: { zh: '请求', en: 'Request' }, code: { zh: '为什么被拒绝', en: 'Why it was refused' }, $hash: { zh: '内容指纹', en: 'Fingerprint' }, $gone: { zh: '已删除', en: 'Deleted' }, $viewed: { zh: '被以其视角查看，直到', en: 'Looked at through their eyes until' } }
