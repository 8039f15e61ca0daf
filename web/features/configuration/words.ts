import { filled, lang } from '../../i18n/index.ts'

/** A page of its own, loaded when it is opened: its words travel with it. */
const zh = {
  title: '配置导出与导入', hint: '把配好的对象、规则、权限、视图搬到另一个工作区；不含数据、成员账号和密钥',
  export: '导出配置', exportHelp: '选好要带走的部分，得到一个 .json 文件。推送地址里的密钥会去掉；成员共享出来、你也看得到的视图、看板一起走，其余留下；点名的成员和部门只带姓名和角色，导入时再对应，做视图、看板的成员另带一个由邮箱算出的标记（不含邮箱）。', exportNow: '导出', exportNone: '请至少选一个部分', exported: '已导出 {n} 项配置，已记入审计', all: '全选', noRightPart: '需要更多管理权限', items: '{n} 项', theirsN: '其中成员共享的 {n} 项', made: '共享了视图或看板，归谁',
  part_data: '对象与字段', part_automation: '自动化与分配', part_rights: '角色与权限', part_views: '视图', part_dashboards: '看板', part_forms: '表单', part_papers: '打印模板与公司抬头', part_calendar: '工作日历',
  import: '导入配置', drop: '把配置文件拖到这里', dropHelp: '先逐项看会改什么，再决定导入；导入后可以整次撤销', choose: '选择文件', reading: '正在读 {file}',
  notJson: '「{file}」不是配置文件', notJsonHelp: '请选「导出配置」得到的 .json 文件', tooLarge: '「{file}」太大了', tooLargeHelp: '配置文件最大 16 MB，请分几个部分导出', empty: '「{file}」是空的',
  past: '以往的导入', noPast: '还没有导入过配置', noPastHelp: '每次导入都会列在这里，可以整次撤销；导出的记录在审计里', inAudit: '在审计里查看', pastLine: '来自 {from}，{when} 导出', changedN: '改动 {n} 项', undo: '撤销这次导入', undoTitle: '撤销「{name}」的导入？', undoHelp: '它新建的会删除，改过的变回导入前的样子。导入之后又改过的、已经有数据在用的，保持不动并列出来。', undone: '已撤销，{n} 项变回导入前', undoneBy: '{who} 已撤销', leftTitle: '{n} 项保持不动', close: '知道了',
  plan: '导入配置', from: '来自 {name}，{by} 于 {when} 导出', touched: '这个文件导出后被改动过，请确认是谁改的', cancel: '取消', bring: '导入 {n} 项', nothing: '没有要导入的', done: '已导入 {n} 项', again: '会改什么正在重新计算',
  standing_new: '新增', standing_update: '更新', standing_merge: '合并', standing_keep: '保留这里的', standing_same: '相同', standing_removed: '这里删过', standing_lost: '文件里没有了', tally: '汇总',
  people: '对应的成员和部门', peopleHelp: '文件里点名的人和部门，在这里是谁？没选的，用到它的配置先不导入', chooseMember: '选择成员', chooseTeam: '选择部门', member: '成员', team: '部门',
  conflicts: '两边都改了', conflictsHelp: '同一处这里改过、文件里也改过。不选就保留这里的', mine: '保留这里的', theirs: '用文件里的', nothingSaid: '没有', whole: '整项',
  stopped: '不能导入', stoppedHelp: '这些先不动，其余照常导入',
  changes: '要导入的', changesHelp: '取消勾选就不导入那一项', removed: '这里删除过的', removedHelp: '勾选就恢复', lost: '文件里没有了', lostHelp: '以前一起带来的，那边已经没有。不勾选就留着',
  same: '{n} 项和这里相同，{kept} 项只有这里改过，都不动', details: '看改了什么', detailsN: '{n} 处不同', before: '现在', after: '导入后', secret: '推送地址里的密钥不随文件走，导入后请补上再启用', file: '表单里可下载的资料这里没有，访客会打不开；请改用这里有的，或去掉它', state_active: '启用', state_paused: '暂停', state_template: '模板', warning: '检查提示', take: '导入 {name}', back: '恢复 {name}', drop_: '删除 {name}', willGo: '会删除', kindN: '{kind} {n}', allSame: '和这里完全一样，没有要导入的', allSameHelp: '换一个文件，或在那边改好后重新导出',
}
const en: typeof zh = {
  title: 'Export and import of the configuration', hint: 'Carry objects, rules, rights and views to another workspace; no records, no accounts, no secrets',
  export: 'Export the configuration', exportHelp: 'Choose what goes along: you get one .json file. Keys in addresses that rules send to are left out; of members and teams that are named only name and roles go along, to be found again on the other side. Views and dashboards that members share and you may see come too, each maker with a mark worked out from the e-mail (not the e-mail itself); all others stay.', exportNow: 'Export', exportNone: 'Choose at least one part', exported: '{n} definitions exported; it is in the audit', all: 'All', noRightPart: 'Takes more administrative rights', items: '{n}', theirsN: '{n} of them shared by members', made: 'shared views or dashboards: whose will they be',
  part_data: 'Objects and fields', part_automation: 'Automation and assignment', part_rights: 'Roles and rights', part_views: 'Views', part_dashboards: 'Dashboards', part_forms: 'Forms', part_papers: 'Print templates and letterhead', part_calendar: 'Working calendar',
  import: 'Import a configuration', drop: 'Drop a configuration here', dropHelp: 'You see item by item what would change before anything does; an import can be undone as a whole', choose: 'Choose a file', reading: 'Reading {file}',
  notJson: '“{file}” is no configuration', notJsonHelp: 'Choose the .json file that “Export the configuration” gave', tooLarge: '“{file}” is too large', tooLargeHelp: 'At most 16 MB: export it in parts', empty: '“{file}” is empty',
  past: 'Past imports', noPast: 'No configuration has been imported yet', noPastHelp: 'Every import is listed here and can be undone as a whole; exports are in the audit', inAudit: 'See in the audit', pastLine: 'From {from}, exported {when}', changedN: '{n} changed', undo: 'Undo this import', undoTitle: 'Undo the import of “{name}”?', undoHelp: 'What it made goes; what it changed is as it was before. What has been changed since, or holds records, stays and is listed.', undone: 'Undone: {n} are as before', undoneBy: 'undone by {who}', leftTitle: '{n} stay as they are', close: 'Got it',
  plan: 'Import a configuration', from: 'From {name}, exported by {by}, {when}', touched: 'This file has been changed since it was exported; make sure by whom', cancel: 'Cancel', bring: 'Import {n}', nothing: 'Nothing to import', done: '{n} imported', again: 'Working out what would change',
  standing_new: 'New', standing_update: 'Updated', standing_merge: 'Merged', standing_keep: 'Yours kept', standing_same: 'Same', standing_removed: 'Removed here', standing_lost: 'No longer there', tally: 'In all',
  people: 'Members and teams', peopleHelp: 'Who here stands for those named in the file? What names somebody nobody stands for is not imported yet', chooseMember: 'Choose a member', chooseTeam: 'Choose a team', member: 'Member', team: 'Team',
  conflicts: 'Changed on both sides', conflictsHelp: 'The same place was changed here and there. Yours stays unless you choose', mine: 'Keep ours', theirs: 'Take theirs', nothingSaid: 'nothing', whole: 'All of it',
  stopped: 'Cannot be imported', stoppedHelp: 'These stay out; the rest is imported',
  changes: 'To be imported', changesHelp: 'Untick what should not be', removed: 'Removed here before', removedHelp: 'Tick to bring it back', lost: 'No longer in the file', lostHelp: 'It came from there once and is no longer there. It stays unless you tick it',
  same: '{n} are the same here and {kept} were changed here only; they stay', details: 'See what differs', detailsN: '{n} differences', before: 'Now', after: 'After', secret: 'The key in its address does not travel: enter it, then switch the rule on', file: 'A download that this form offers is not here, so visitors could not open it: offer one that is, or take it off', state_active: 'on', state_paused: 'paused', state_template: 'template', warning: 'The checks say', take: 'Import {name}', back: 'Bring {name} back', drop_: 'Remove {name}', willGo: 'will go', kindN: '{kind} {n}', allSame: 'All of it is here already', allSameHelp: 'Choose another file, or export again after changing something there',
}

export type Word = keyof typeof zh
/** The sentence for `key`, `{name}` filled from `params`. */
export function w(key: Word, params?: Record<string, string | number>): string {
  return filled((lang() === 'en' ? en : zh)[key], params)
}
