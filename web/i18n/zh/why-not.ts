export const whyNot = {
  title: '为什么没有触发', hint: '选一条记录，看这条规则为什么没有动它', show: '查看{name}差在哪里', needs: '需要', saw: '当时是', hidden: '有一项条件看的是你无权查看的字段', onlyThis: '只差这一项', enough: '改这一项就够', empty: '没有针对它的规则', did: '做了什么', didNot: '没有触发',
  kind_pilot: '还在试点', kind_other_team: '别的部门', kind_own_pause: '负责人已暂停', kind_ran: '触发过', kind_off: '未启用', kind_broken: '无法运行', kind_other_object: '不看它', kind_never: '没有发生', kind_cause: '不理会', kind_form: '不是这个表单', kind_before: '启用之前', kind_no_date: '没有时间', kind_not_due: '没到时间', kind_condition: '条件不满足', kind_holds: '应当触发',
}
