export const absences = {
  title: '请假与代理', enter: '登记请假', enterFor: '为{name}登记请假', hint: '请假期间不会分到新记录，名下的事由代理人跟进', who: '请假人', why: '原因', from: '开始', to: '结束', morning: '上午', afternoon: '下午', standIns: '代理人', standInsHelp: '可以选几位；不选就由上级代理', noStandIns: '由上级代理',
  span: '{from} 至 {to}', workdays: '{n} 个工作日', noWork: '没有工作时间', looksAfter: '期间由{names}代为查看和修改名下的 {n} 条记录，待办和提醒也会收到。到点自动恢复。', holdsNothing: '名下没有记录，到点自动恢复。', entered: '已登记请假', calledOff: '已取消', ended: '已提前结束', callOff: '取消', endNow: '提前结束',
  own: '我的请假', iStandIn: '由我代理', others: '同事', none: '没有请假', noneHelp: '登记后，代理人到时会接手名下的事。', running: '请假中', planned: '未开始', by: '{names}代理', awayUntil: '请假中，至 {when}', awayShort: '请假中', awayBy: '{name}请假中，{names}代理，至 {when}', standing: '你正在代理 {name}', standingOf: ' 的 ', standingCount: '{n} 条{object}', standingUntil: '，至 {when}',
  kind_personal: '事假', kind_sick: '病假', kind_annual: '年假', kind_compensatory: '调休', kind_family: '婚育陪护', kind_trip: '出差', kind_training: '培训', kind_other: '其他',
}
