export const followup = {
  add: '添加跟进', short: '跟进', call: '拨打', callNamed: '拨打{name}的电话', dialHere: '用本机拨打', noteCall: '记录结果', result: '沟通结果', nextAt: '下次联系时间', resource: '需协调资源', note: '备注', noteHint: '客户说了什么，答应了什么', must: '请选择一项', tomorrow: '明天上午', afterTomorrow: '后天', nextMonday: '下周一', otherTime: '其他时间',
  saved: '已记录对{name}的跟进，下次联系 {when}', keys: '⌘/Ctrl + 回车保存', notConfigured: '还没有配置跟进记录这个对象，请在「对象与字段」里添加。', whom: '跟进谁？', whomHint: '姓名、公司、拼音首字母、手机尾号', nobody: '没有找到这个人，换个写法试试', typeName: '输入名字开始查找',
}
