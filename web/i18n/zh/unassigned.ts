export const unassigned = {
  title: '待分配', hint: '还没有负责人的记录，等得最久的在前', waits: '{n} 条待分配', late: '{n} 条超过 {hours} 小时', none: '没有待分配的{object}', noneHelp: '新进来的都有负责人了。',
  all: '全部按方案分派', allHelp: '按「{policy}」逐条选人，建议只是现在的结果', give: '分给{name}', giveNamed: '把{record}分给{name}', next: '{when} 仍没人接：{what}', nobody: '没有人能接', nobodyHelp: '请手动指定', existing: '已有客户的负责人', other: '换人', otherNamed: '给{record}换一位负责人', since: '等了{length}', onlyFirst: '只列出等得最久的 {n} 条',
  rate: '{hours} 小时内分配的比例', rateHelp: '按进来的那一周算', week: '{day} 那一周', weekText: '{came} 条，及时 {share}', weekNone: '没有新进来的', weekOpen: '，还有 {n} 条没到时间', columnWeek: '周', columnCame: '进来', columnInTime: '及时',
}
