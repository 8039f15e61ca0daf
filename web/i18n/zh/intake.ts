export const intake = {
  title: '待处理数据', hint: '表单收到了，但没能成为记录的提交：更正后重新提交，或忽略', state_quarantined: '待处理', state_corrected: '已更正', state_dismissed: '已忽略', state_accepted: '已入库', state_refused: '已退回', waitingCount: '待处理 {n}',
  empty_quarantined: '没有待处理的数据', emptyHelp_quarantined: '电话认不出、像机器填写或不合规则的提交会停在这里，不会丢。', empty_corrected: '还没有更正过', emptyHelp_corrected: '更正并重新提交的会列在这里。', empty_dismissed: '没有忽略的数据', emptyHelp_dismissed: '忽略的提交会列在这里，随时可以放回。',
  nothingSaid: '没有填写任何内容', one: '处理这份提交', resubmit: '更正并提交', dismiss: '忽略', whyDismiss: '忽略的理由', whyExample: '例如：测试数据', putBack: '放回待处理', putRight: '请改好这一项', created: '已提交，新建了记录', joined: '已提交，并入了已有的记录', dismissed: '已忽略', isBack: '已放回待处理',
  raw: '原始内容', at: '收到时间', status: '状态', record: '成为', settledBy: '处理', type: '内容类型', behind: '原始提交', noneBehind: '没有表单提交', noneBehindHelp: '这条记录不是由表单带来的。',
}
