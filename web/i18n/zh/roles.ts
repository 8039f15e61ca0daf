export const roles = {
  secondFactor: '登录要两步验证', secondFactorHelp: '有这个角色的成员，下次打开页面时要先设置好验证器才能继续。',
  title: '角色与权限', hint: '每一格改了立即生效；会让人多看到东西的改动先说明再确认', list: '角色', make: '新建角色', makeHint: '从一个已有角色复制，再逐格调整。', name: '角色名称', like: '复制自', holders: '{n} 人', viewAs: '以某人视角查看', caption: '操作范围：本人含协作给本人的记录；部门含兼任部门和担任负责人的部门。下属对象（联系人、商机、报价等）还跟随所属客户的查看范围。',
  object: '对象', do_read: '查看', do_create: '新建', do_edit: '编辑', do_delete: '删除', do_export: '导出', do_transfer: '转移', do_unlock: '解锁', do_import: '导入', scope_may: '可以', scope_none: '—', scope_own: '本人', scope_team: '本部门', scope_teamTree: '本部门及下级', scope_all: '全部',
  narrowed: '{n} 个字段受限', fieldsOf: '{name}的字段', allRead: '全部可读', allWrite: '全部可写', read: '读', write: '写', readNamed: '可读{name}', writeNamed: '可写{name}',
  rights: '管理权限', right_definitions: '对象与字段', right_members: '成员与角色', right_rules: '自动化规则', right_teamRules: '本部门的自动化规则', right_assignment: '分配与公海', right_forms: '来源与表单', right_intake: '待处理数据', right_audit: '审计', right_settings: '系统设置', right_personal: '个人信息请求', right_tags: '权限标签',
  saved: '已生效：{name}', widens: '「{name}」的权限会变大', putInForce: '确认生效', revertible: '生效后随时可以在版本记录里退回。', versionsOf: '{name}的版本', backTo: '恢复到这一版', firstVersion: '最初的版本', colon: '：', isHidden: '不可读', isLocked: '只读', isOpen: '可读可写', someRows: '仅部分记录', rowsOf: '{name}的记录', allRows: '范围内的全部记录', rowsBroken: '条件已失效，这个角色现在看不到任何记录', setRows: '只给部分记录', openRows: '给全部记录', rowsHint: '无论从哪里打开（包括从所属客户），这个角色都只看得到符合条件的记录。', shownNamed: '{name}显示多少', shown_full: '完整', shown_constant: '固定字样', shown_star: '星号', shown_last4: '后四位', shown_domain: '仅域名', shown_year: '仅年份', shown_leading: '仅数量级', isMasked: '脱敏（{how}）',
  moreLines: '还有 {n} 处',
}
