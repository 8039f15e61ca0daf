export const notifications = { title: '通知', bell: '通知，{n} 条未读', unread: '未读', readAll: '全部标为已读', empty: '没有通知', emptyHelp: '分给你的线索、到期提醒和升级都会出现在这里。', all: '查看全部通知', more: '还有 {n} 条同类通知' }
