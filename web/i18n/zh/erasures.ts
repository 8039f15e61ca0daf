export const erasures = {
  title: '个人信息请求', hint: '客户要求删除自己的个人信息：一个人申请，另一个人复核，然后处处删除', open: '处理中', settled: '已办结', none: '没有在处理的请求', noneHelp: '在线索、联系人的「更多」里可以导出个人信息副本，或申请删除。', one: '删除个人信息：{object}{name}', askedBy: '{who}申请 · {when}',
  state_waiting: '等待复核', state_agreed: '正在删除', state_refused: '未同意', state_withdrawn: '已撤回', state_done: '已删除',
  copy: '导出个人信息副本', copying: '正在生成副本，这次导出会记入审计', ask: '删除个人信息', askHint: '{name}：同意之后不能恢复', askFor: '提交复核', asked: '已提交，等另一位同事复核', already: '这个人已有一份申请在处理。', see: '去看看',
  sameContact: '联系方式相同的其他记录，取消勾选就不删', same: '{fields}相同', inTrash: '在回收站', goes: '会删除', went: '已删除', goesHint: '另外，别处提到的手机、邮箱、姓名都会换成【已删除】；订单、合同等业务数据保留，只去掉姓名和联系方式。',
  n_records: '这个人的记录', n_about: '跟进、评论、行为', n_changes: '修改历史', n_submissions: '原始提交', n_notices: '通知', n_files: '附件', n_traces: '访问与导出痕迹', n_acts: '日志里的说明', n_mentions: '别处提到的地方',
  everywhere: '在全部数据里替换姓名', namesakes: '还有 {n} 个同名的人，不勾选就只在与此人有关的记录里替换', noNamesake: '没有同名的人', reason: '怎么提出的，怎么核实的身份', reasonHelp: '例如：11 月 20 日来电，已回拨登记号码核实',
  request: '申请', proof: '怎么核实的', asker: '申请人', askedAt: '申请时间', names: '姓名', namesEverywhere: '在全部数据里替换', namesNear: '只在有关记录里替换', decidedBy: '复核人', decision: '复核意见', doneAt: '删除时间', records: '包括这些记录', unseen: '你看不到的记录',
  nothingGone: '同意之前，什么都不会删除。', underWay: '正在删除，可以离开这一页。', trouble: '还没有完成，会自动再试：{why}', gone: '数据库、日志和附件里都已找不到。审计校验会写明「由操作 {act} 依法删除」；从旧备份恢复时会再删一遍。',
  agree: '同意删除', refuse: '不同意', agreeHint: '删除后任何人都不能恢复', refuseHint: '什么都不删，申请人会收到你的意见', agreed: '已同意，正在删除', refused: '已拒绝', withdraw: '撤回申请', withdrawn: '已撤回',
}
