export const notifications = {
  title: '通知', bell: '通知，{n} 条未读', unread: '未读', readAll: '全部标为已读', empty: '没有通知', emptyHelp: '分给你的线索、到期提醒和升级都会出现在这里。', all: '查看全部通知', more: '还有 {n} 条同类通知',
  mine: '@我的', kind: '类型', anyKind: '全部类型', search: '搜索通知', noneFound: '没有符合条件的通知', noneFoundHelp: '换一个类型或关键词试试。', readOne: '标为已读', readGroup: '这 {n} 条标为已读', marked: '已标为已读',
  settings: '通知设置', settingsHelp: '站内通知一直即时到达；邮件可以按类型单独打开。', inside: '站内', mail: '邮件', insideOf: '{kind}：站内', mailOf: '{kind}：邮件', noMail: '公司还没有接通发信服务，打开的邮件会等接通后再发。', noAddress: '你还没有填邮箱，填好后才会收到邮件。',
  quiet: '免打扰', quietHelp: '这段时间的邮件推迟到结束后再发，不会丢。', quietOn: '开启免打扰', from: '从', to: '到', restDays: '休息日也不打扰（按工作日历）', digest: '每日摘要', digestHelp: '每天一封邮件，列出当时还没读的通知；都读了就不发。', digestOn: '每天发一封摘要', digestAt: '发送时间', zone: '时区', zoneOfCompany: '跟随公司（{zone}）',
}
