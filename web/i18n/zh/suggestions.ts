export const suggestions = {
  title: '建议单', hint: '没有写入权限的账号提交的内容，采纳后才成为记录；采纳时按审核人的权限写入', open: '等待审核', done: '已处理', none: '没有等待审核的建议', noneHelp: '代理商等只读账号提交的新建或修改会出现在这里。',
  makeNamed: '建议新建{name}', change: '建议修改', changeNamed: '建议修改{name}', changeHelp: '直接改成你认为对的内容，改动的几项会交给审核人；采纳之前记录不变。', sendSome: '提交 {n} 项建议', send: '提交建议', sent: '已提交建议，等待审核', makes: '{who}建议新建{object}：{name}', changes: '{who}建议修改{object}：{name}', state_open: '待审核', state_taken: '已采纳', state_declined: '未采纳',
  reason: '说明（可不填）', decline: '不采纳', takeAll: '全部采纳', takeSome: '采纳所选 {n} 项', wasTaken: '已采纳：{name}', wasDeclined: '未采纳：{name}', decidedBy: '{who} {when}处理', because: '，',
}
