export const deletions = {
  title: '批量删除复核', hint: '一个人一次删得太多，要另一个人同意才会真的删除', one: '批量删除', waiting: '等待复核', done: '已处理', none: '没有等待复核的删除', noneHelp: '有人一次删除很多记录时，会出现在这里。',
  sentence: '{who}要删除 {n} 条{name}', state_waiting: '等待复核', state_agreed: '已同意', state_refused: '未同意', state_withdrawn: '已撤回', limit: '多少条算批量', limitBefore: '同一个人', limitBetween: '分钟内删除超过', limitAfter: '条，要另一个人复核', minutes: '分钟', records: '条数',
  limitSaved: '已保存', limitIs: '同一个人 {minutes} 分钟内删除超过 {records} 条，要另一个人复核。', evidence: '证据', asker: '谁要删除', askedAt: '提出时间', count: '数量', countEarlier: '{n} 条，此前几分钟已删 {earlier} 条', decidedBy: '复核人', nothingGone: '同意之前，一条也不会删除。',
  which: '要删除的{name}', first: '只列前 {n} 条', unseen: '另有 {n} 条你看不到或已不在', agree: '同意删除 {n} 条', refuse: '不同意', agreeHint: '删除以提出人的名义和权限进行，之后可以一键找回', refuseHint: '不会删除任何记录，提出人会收到原因', agreed: '已删除 {n} 条', agreedLeft: '已删除 {n} 条，{left} 条没有删除', refused: '没有删除任何记录',
  withdraw: '撤回', withdrawn: '已撤回', back: '全部找回（{n} 条）',
}
