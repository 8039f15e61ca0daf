export const shell = {
  menu: '菜单', moreObjects: '更多 {n} 个', less: '收起', skip: '跳到内容', navigation: '主导航', searchHint: '找客户、页面、动作', running: '运转', myViews: '我的视图', switchRole: '切换角色', theme: '外观', themeSystem: '跟随系统', themeLight: '浅色', themeDark: '深色', language: '语言',
  viewingAs: '正在以{name}的视角查看，只能看不能改', viewingUntil: '到 {when} 为止，已记入审计', endViewing: '退出',
  exports: '导出', configuration: '配置导出与导入', account: '账号与设备', signOut: '退出登录', resetDemo: '重置演示', resetDemoHelp: '演示数据会恢复到最初的样子，你在演示里做的改动都会消失。',
  command: '命令', commandHint: '输入姓名、公司、拼音首字母、手机尾号，或页面和动作', records: '记录', pages: '页面', acts: '动作', createNamed: '新建{name}', commandKeys: '↑↓ 选择 · 回车 打开 · Esc 关闭', noHit: '没有找到「{text}」，换个写法试试',
}
