export const ownAutomation = {
  title: '我的自动化', hint: '只影响你名下的记录，立即生效，会记入日志', rules: '在处理我名下记录的规则', others: '已启用，最近 30 天没有处理过我的记录', none: '没有规则在处理你的记录', noneHelp: '主管启用规则后会列在这里，你可以为自己暂停。',
  done: '近 30 天处理 {count} 次，最近 {when}', required: '必做', requiredHelp: '这条规则由主管设为必做，不能自己暂停', paused: '我已暂停', turn: '为我的记录启用「{name}」', pausedSaid: '「{name}」不再处理你名下的记录', resumedSaid: '「{name}」重新处理你名下的记录', does: '{when}，就：', hidden: '有你看不到的条件',
  slots: '不推送的时段', slotsHelp: '时段内，规则发给你的通知和发给你客户的消息都推迟到时段结束再发，不会丢。必做规则除外。', noSlots: '没有关闭的时段：规则随时可以推送', addSlot: '加一个时段', days: '星期几', from: '从', to: '到', untilEnd: '到当天结束', wholeDay: '全天', drop: '删除时段：{slot}', added: '已关闭 {slot}', dropped: '已重新开放 {slot}', save: '关闭这个时段',
  slot: '{days} {from}–{to}', slotOpen: '{days} {from} 之后', everyDay: '每天', workdays: '周一至周五', weekend: '周末', dayGap: '、', chooseDays: '请选星期几', backwards: '结束要晚于开始',
  closedNow: '现在不推送，{when} 恢复', kept: '已推迟：{notices} 条通知、{outside} 条对外消息',
}
