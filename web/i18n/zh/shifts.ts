export const shifts = {
  nowOn: '现在值班', nobodyNow: '现在没有人值班', mine: '我的班', noneOfMine: '这一周没有排到你', until: '到 {time}', call: '拨打', callNamed: '打给{name}', noPhone: '没有电话',
  title: '排班', hint: '谁什么时候值班；规则和分配方案按它找人', earlier: '上一周', later: '下一周', thisWeek: '本周', copy: '复制到下一周', copied: '已复制 {n} 个班次到下一周', nothingToCopy: '下一周已经排好了，没有要复制的',
  addOn: '{day} 排班', nobody: '没有人', gaps: '缺人', gap: '{day} {from}–{to} 没有{duty}', gapAny: '{day} {from}–{to} 没有人值班', full: '这一周的工作时间都有人值班', more: '还有 {n} 处', empty: '这一周还没有排班', emptyHelp: '点某一天的加号排班，或从上一周复制。', removed: '已取消{name}的班次', saved: '已排{name}', from: '从', to: '到', nextDay: '次日', edit: '{name} {from}–{to}', week: '{from} – {to}', rota: '排班表',
}
