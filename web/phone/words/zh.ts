/** Words that only the phone says; everything shared stands in web/i18n. */
export const zh = {
  home: '作战台', back: '返回', empty: '未填', next: '下一步', follow: '跟进', inbox: '消息', mine: '我的', tabs: '主导航', unreadTab: '消息，{n} 条未读', askedTab: '我的，{n} 件待审批', objects: '全部对象', more: '更多', new: '新建', newRelated: '新建相关记录', newNamed: '新建{name}',
  showFields: '显示其余 {n} 个字段', showRest: '展开其余 {n} 条', fold: '收起', pullTo: '下拉刷新', release: '松开刷新', refreshing: '正在刷新', askWhom: '跟进谁？', recent: '今日待联系', searchAll: '找客户、线索、商机',
  followUp: '跟进{name}', afterCall: '刚刚拨打了 {phone}', afternoon: '今天下午', tomorrow: '明天上午', afterTomorrow: '后天', monday: '下周一', custom: '自选', hints: '{date}', restored: '已恢复上次没有发出的内容', noteAdd: '加一句备注', save: '记录跟进', still: '还差：{what}',
  queued: '没有网络，跟进已存在本机，联网后自动补发', waiting: '{n} 条跟进待发送', sendNow: '立即发送', saved: '已跟进{name}，下次 {when}', refusedTitle: '刚才的跟进没有保存',
  theme: '外观', language: '语言', signOutAsk: '退出后要重新登录', switchRole: '切换角色', desktop: '电脑版', desktopHelp: '配置、规则和报表', mainFields: '先填这几项', moreFields: '更多字段（{n}）', toRecord: '打开', chooseNone: '不填',
  assignTo: '分派{name}给', searchHere: '在{name}里查找', cancelSearch: '取消', sections: '页内导航', noPhone: '没有电话', earlierShown: '更早的动态', timeLeft: '时限', allRead: '全部已读', profile: '个人资料', demoData: '演示数据', end: '没有更多了', checkIt: '去看看', unreadOf: '{n} 条未读', calendarEmpty: '点右下角新建，或往后翻翻',
}
