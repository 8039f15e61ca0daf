export const backups = {
  title: '备份', hint: '每晚两点备份，做好后恢复一遍验证；保留最近 14 份', state: '现在', fine: '正常', late: '太旧了', none: '还没有备份', lateHelp: '超过 26 小时没有可用的备份。请检查磁盘空间和服务器日志，再点「立即备份」。', newest: '最新一份', loss: '最多丢失', lossHours: '{n} 小时的数据（上一份备份之后的）', lossMinutes: '{n} 分钟的数据', restore: '怎么恢复', restoreHelp: '在服务器上运行 {command} 加备份目录；恢复后，待发的消息和到期的定时先停住，确认再放行。备份之后依法删除过的个人信息会再删一遍。',
  make: '立即备份', making: '正在备份', begun: '已开始，做好会出现在下面', all: '所有备份', rows: '{n} 行', other: '数据库由你们自己的服务器提供', otherHelp: '这里不做备份，请用数据库自己的备份工具，并定期试着恢复。',
  whole: '整库备份与日志归档', whole_kept: '可恢复到任意时刻', whole_none: '还没有整库备份', whole_off: '日志没有归档', whole_stuck: '归档停住了', whole_gap: '日志有缺口',
  since: '可恢复到', sinceWhen: '{at} 以后的任意时刻', notYet: '暂时只能恢复到每晚的备份', wholeNewest: '最新整库备份', copies: '每天一份，共 {n} 份', logAt: '最新归档日志', noLog: '还没有', size: '占用空间', moment: '恢复到某一时刻', momentHelp: '在服务器上运行 {command}：恢复到一个新的数据目录，现在的数据不动；确认后再改用它。',
  help_none: '启动后十分钟左右会做第一份，也可以点「立即备份」。', help_off: '重新启动一次即可开启。', help_stuck: '日志没能送到备份目录。请检查备份目录能否写入、磁盘还有没有空间，再看服务器日志。', help_gap: '中间缺了一段日志，会自动重做一份整库备份；也可以点「立即备份」。',
  sameDisk: '备份和数据在同一块磁盘上，磁盘坏了会一起丢。请把 {setting} 设到另一块磁盘或网络存储。',
}
