export const calendar = {
  title: '日程', create: '新建日程', view: '视图', view_day: '日', view_week: '周', view_month: '月', view_agenda: '日程表', agenda: '日程表', earlier: '往前', later: '往后', whose: '看谁的日程', busy: '忙', off: '休 ', worked: '班', moveHint: '拖动改时间；键盘用 Alt 加方向键移动，再加 Shift 改时长',
  more: '还有 {n} 项', openDay: '打开 {day}', empty: '这段时间没有日程', emptyHelp: '点「新建日程」，或在周视图里拖出一段时间', moved: '「{name}」改到 {at}', saved: '「{name}」已保存', cancelEvent: '取消日程', openRecord: '打开完整记录', turned: '结束要晚于开始', conflict: '{name} {from}–{to} 已有安排：{what}', monthOf: '{year} 年 {month} 月', followUps: '到期的跟进与任务', noFollowUps: '这段时间没有到期的跟进与任务',
  subscribe: '订阅', feed: '日历订阅', feedHint: '在手机或电脑的日历里看到自己的日程：把地址添加为「订阅日历」', feedNone: '还没有订阅地址。地址相当于密码，拿到的人能看到您的日程，请不要转发。', feedMake: '生成订阅地址', feedShown: '请现在复制，只显示这一次。在系统日历里选「添加订阅日历」后粘贴；拿到地址的人都能看到您的日程。',
  feedMade: '{when} 生成', feedRead: '{when} 读取过', feedUnread: '还没有日历读取过', feedReplace: '换一个地址', feedReplaceHelp: '原来的地址立即失效，用过它的日历要重新添加。', feedEnd: '停用地址', feedEndHelp: '订阅了它的日历将不再更新。以后可以重新生成。',
  working: '工作日历', workingHint: '时限按工作时间计算时，以这里为准', week: '工作时间', weekHint: '「8 个工作小时」「3 个工作日」都按它算', weekdays: '每周哪几天上班', opens: '上班', closes: '下班', save: '保存并生效',
  years: '节假日与调休', yearsHint: '以国务院办公厅通知为准，可换成本公司的安排', addYear: '录入一年', takeYear: '采用', ownYear: '本公司录入', shifted: '调休上班', removeYear: '去掉 {year} 年的录入',
  notice: '放假通知全文', noticeHelp: '把国务院办公厅的放假安排通知原文粘贴到这里，会自动读出放假和调休日期', noticeUnread: '没有读出放假日期：请粘贴包含「关于某某年部分节假日安排的通知」和各节日的原文',
  missing: '{years} 年的节假日安排还没有录入，跨到那时的工作日只按周一至周五推算', mend: '去录入', unannounced: '{years} 年的节假日还没有录入，只按每周工作日推算',
}
