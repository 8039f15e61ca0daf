export const layouts = {
  title: '页面布局', hint: '记录页和新建表单上字段的分组、顺序和显隐，可以按角色不同', toFields: '回到字段', add: '为角色另做一份', forRoles: '按角色', fresh: '新布局', everybody: '所有人', whom: '给谁用', roles: '角色', rolesHelp: '不选就是没有单独布局的所有人；一个人有几个角色时，用排在前面的那份',
  groups: '分组与顺序', notSecurity: '隐藏只是让页面清爽，不是权限：列表、导出和接口照样能看到。要保密，请到「角色与权限」隐藏字段', newGroup: '新分组', groupName: '分组名称', emptyGroup: '把字段拖到这里；空的分组保存时去掉', onPage: '记录页', onCreate: '新建表单', onPageNamed: '在记录页显示{name}', onCreateNamed: '在新建表单显示{name}',
  hints: '阶段提示', hintsHelp: '记录停在某个值时，页面上方显示的一句话', hintField: '按哪个字段提示', noHint: '不提示', preview: '预览',
}
