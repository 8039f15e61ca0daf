export const audit = {
  title: '审计', hint: '每一次修改：谁、何时、从哪里、因为什么、改前改后', filters: '筛选审计', member: '成员', anyMember: '所有成员', object: '对象', anyObject: '所有对象', record: '记录', field: '字段', anyField: '所有字段', from: '从哪天', to: '到哪天', configuration: '配置', kind_rule: '规则', kind_object: '对象定义', kind_dictionary: '字典', kind_tag: '标签', kind_form: '表单', kind_assignmentPolicy: '分配方案', kind_grading: '分级', kind_role: '角色', kind_view: '视图', kind_member: '成员', kind_team: '团队',
  empty: '没有符合条件的修改', emptyHelp: '换一个成员、对象或时间段试试。', when: '时间', who: '谁', what: '什么', changes: '改前 → 改后', cause: '原因', ip: 'IP', details: '详情', moreChanges: '还有 {n} 处修改', by_member: '手工', by_rule: '规则', by_source: '表单提交', by_system: '系统', device: '设备', request: '请求编号', act: '操作 / 变更', reason: '说明', wholeHistory: '只看这条记录的全部修改',
}
