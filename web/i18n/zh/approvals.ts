export const approvals = {
  title: '待我审批', hint: '规则走到这里，等你说一句；同意或不同意之后，规则按你的意思接着走', one: '一次审批', waiting: '等我审批', done: '已经结束', none: '没有等你审批的事', noneHelp: '有规则请你审批时，会收到通知，也会列在这里。', state_waiting: '待审批', state_approved: '已同意', state_refused: '不同意', state_late: '已超时',
  about: '审批什么', body: '说明', record: '记录', rule: '哪条规则', askedAt: '提出时间', until: '最晚', asked: '请了谁', decidedBy: '谁定的', agree: '同意', refuse: '不同意', agreed: '已同意，规则接着往下走', refused: '已回复不同意', note: '补充说明（可不填）', decideHint: '说出口就不能改；会记入审计', instead: '{name}不在，你代为审批', openRecord: '打开记录', forWhom: '代{name}', unseenDone: '这条记录你看不到，或已经删除。', unseen: '你看不到这条记录，不能替它做决定；请让能看到的人来定。',
}
