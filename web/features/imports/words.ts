import { filled, lang } from '../../i18n/index.ts'

/** Importing is a page of its own, loaded when it is opened: its words travel with it. */
const zh = {
  title: '导入{name}', hint: '从 Excel 或 CSV 带进来，先试运行，再写入，之后可以整体撤销', right: '导入', choose: '选择文件', drop: '把 Excel 或 CSV 拖到这里', dropHelp: '.xlsx 或 .csv，最多 30 MB、5 万行。第一行是表头，列名不用和系统一样，下一步可以对应。',
  template: '下载模板', templateXlsx: 'Excel 模板（带下拉选项）', templateCsv: 'CSV 模板', templateHelp: '没有现成的表？用模板填，选项都在下拉里。', reading: '正在读「{file}」', stopReading: '取消上传',
  past: '以往的导入', noPast: '还没有导入过{name}', noPastHelp: '导入之后，谁、什么时候、哪个文件、结果如何，都列在这里，可以从这里撤销。', more: '更多',
  file: '文件', who: '谁', when: '什么时候', result: '结果', state: '状态', open: '查看「{file}」',
  state_draft: '未开始', state_checking: '试运行中', state_checked: '试运行完成', state_running: '导入中', state_done: '已完成', state_cancelled: '已停止', state_failed: '中断了', state_undoing: '撤销中', state_undone: '已撤销',
  tally: '新建 {created} · 更新 {updated} · 跳过 {skipped} · 未导入 {refused}',
  rows: '共 {n} 行', columns: '对应列', columnsHint: '左边是文件里的列，右边是系统里的字段', column: '文件里的列', sample: '前几行', field: '对应字段', leave: '不导入', matched: '{n} 列对应好了，{m} 列不导入', unnamed: '第 {n} 列（没有表头）', required: '必填',
  how: '怎样导入', known: '碰到重复的', knownHint: '怎样算同一条', key: '按哪个字段判断重复', duplicates: '已经有的记录', dup_skip: '跳过', dup_update: '更新', dup_create: '照样新建', dupHelp_skip: '系统里已有相同{key}的，这一行不导入', dupHelp_update: '用文件里填了的格子更新已有记录，空格子不动', dupHelp_create: '不判断重复，每一行都新建',
  owner: '新记录的负责人', own_me: '我', own_column: '按文件里的负责人列', own_policy: '按分配方案', own_nobody: '先不分配', ownHelp_me: '都归我', ownHelp_column: '按姓名、手机号或邮箱找同事；空着的归我', ownHelp_policy: '逐条按能力和负载分配，分配依据可查', ownHelp_nobody: '没有负责人，进公海或等待分配', policy: '分配方案',
  atOnce: '事件驱动模式：每导入一条就立刻触发', atOnceHelp: '每条新数据马上打标、分配、通知，和表单进来的一样快；量大时，同事正在做的会慢一些。', inBatches: '不开的话，等系统没有别的事时一批一批处理，不影响同事。',
  rules: '导入后执行自动化规则', rulesHelp: '会执行：{names}', rulesNone: '没有规则参与导入。要让规则参与，在规则的「谁引起的变化才算」里勾选「导入」。', rulesWarn: '默认不执行，避免老数据惊动同事。',
  preview: '读出来的样子', previewHint: '前 {n} 行', row: '行', nothing: '没有对应任何列', trial: '试运行', trialHint: '逐行检查一遍，什么都不写入', start: '开始导入 {n} 行', startAll: '开始导入', again: '换一个文件', recheck: '再试运行一次',
  checking: '正在逐行检查，不写入', running: '正在导入', undoing: '正在撤销', progress: '{handled} / {rows} 行', undoProgress: '已退回 {n} 条', stop: '停止', stopped: '已停止，已经写入的保留着', left: '约剩 {time}', leave_page: '可以离开这一页，导入会继续',
  foreseen: '试运行的结果', done: '导入的结果', created: '新建', updated: '更新', skipped: '跳过', refused: '未导入', willCreated: '将新建', willUpdated: '将更新', willSkipped: '将跳过', willRefused: '不能导入',
  show: '看哪些行', all: '全部', kept: '撤销时保留', reason: '原因', opens: '打开', noRows: '没有这样的行', moreRows: '再看 100 行', rowsGone: '逐行的内容只保留 30 天，也只有导入的人能看。',
  download: '下载结果', downloadAll: '全部行（Excel）', downloadRefused: '只要未导入的行（Excel）', downloadCsv: '全部行（CSV）', downloadHint: '改好未导入的行，再导入一次就行',
  undo: '撤销这次导入', undoTitle: '撤销这次导入？', undoHelp: '新建的 {created} 条会删除，更新的 {updated} 条改回原来的值。导入之后被同事改过的内容会保留，并列出来。', undoTouched: '有 {n} 条导入后被人改过，改过的内容会保留。', undoUntouched: '导入后没有人改过，会全部退回。', undoSent: '已经发出、收不回来的：{sent}', undone: '已退回 {n} 条', keptSome: '其中 {n} 条保留着，因为导入后又被改过或你没有权限', undoneBy: '{who}在 {when} 撤销', failed: '导入中断：{why}', failed_SIGN_IN_REQUIRED: '导入的人已停用', seeList: '查看{name}', interrupted: '没做完的部分不会自动继续，可以撤销，或再导入一次（按重复判断跳过已写入的）。',
}
const en: typeof zh = {
  title: 'Import {name}', hint: 'Bring in a spreadsheet or CSV: try it first, write it then, and take it all back if need be', right: 'Import', choose: 'Choose a file', drop: 'Drop a spreadsheet or CSV here', dropHelp: '.xlsx or .csv, up to 30 MB and 50,000 rows. The first row holds the heads; they need not be called as here, you match them next.',
  template: 'Template', templateXlsx: 'Excel template with choices', templateCsv: 'CSV template', templateHelp: 'No table yet? Fill in the template; its choices are lists.', reading: 'Reading “{file}”', stopReading: 'Cancel the upload',
  past: 'Past imports', noPast: 'No {name} imported yet', noPastHelp: 'Who imported which file, when, and what became of it is listed here, and can be taken back from here.', more: 'More',
  file: 'File', who: 'Who', when: 'When', result: 'Result', state: 'State', open: 'Look at “{file}”',
  state_draft: 'not begun', state_checking: 'being tried', state_checked: 'tried', state_running: 'importing', state_done: 'done', state_cancelled: 'stopped', state_failed: 'broke off', state_undoing: 'being taken back', state_undone: 'taken back',
  tally: '{created} created · {updated} updated · {skipped} skipped · {refused} refused',
  rows: '{n} rows', columns: 'Match columns', columnsHint: 'Columns of the file on the left, fields on the right', column: 'Column of the file', sample: 'First rows', field: 'Field', leave: 'leave out', matched: '{n} columns matched, {m} left out', unnamed: 'Column {n} (no head)', required: 'required',
  how: 'How to import', known: 'What is there already', knownHint: 'How a record is recognised', key: 'Recognised by', duplicates: 'Records that exist', dup_skip: 'skip', dup_update: 'update', dup_create: 'create anyway', dupHelp_skip: 'A row whose {key} exists is left out', dupHelp_update: 'Filled cells are written onto the record; empty ones change nothing', dupHelp_create: 'Every row becomes a new record',
  owner: 'Owner of new records', own_me: 'me', own_column: 'as the file says', own_policy: 'by the policy', own_nobody: 'nobody yet', ownHelp_me: 'All are mine', ownHelp_column: 'Colleagues by name, phone or e-mail; empty ones are mine', ownHelp_policy: 'Each is assigned by ability and load; every decision can be looked up', ownHelp_nobody: 'No owner: they wait in a pool or to be assigned', policy: 'Policy',
  atOnce: 'Event-driven: each row fires its rules at once', atOnceHelp: 'Each new row is tagged, assigned and told of as fast as one that came by a form; what colleagues do meanwhile may wait a little.', inBatches: 'Off, they are carried out in batches while nothing else waits.',
  rules: 'Run automation rules afterwards', rulesHelp: 'These will run: {names}', rulesNone: 'No rule takes part in imports. To let one, tick “by import” under the changes that count.', rulesWarn: 'Off by default, so that old data startles nobody.',
  preview: 'As it is read', previewHint: 'first {n} rows', row: 'Row', nothing: 'No column is matched', trial: 'Trial run', trialHint: 'Checks every row and writes nothing', start: 'Import {n} rows', startAll: 'Import', again: 'Another file', recheck: 'Try again',
  checking: 'Checking every row; nothing is written', running: 'Importing', undoing: 'Taking back', progress: '{handled} of {rows} rows', undoProgress: '{n} taken back', stop: 'Stop', stopped: 'Stopped; what was written stays', left: 'about {time} left', leave_page: 'You may leave this page; the import goes on',
  foreseen: 'Result of the trial run', done: 'Result', created: 'created', updated: 'updated', skipped: 'skipped', refused: 'refused', willCreated: 'to be created', willUpdated: 'to be updated', willSkipped: 'to be skipped', willRefused: 'refused',
  show: 'Which rows', all: 'all', kept: 'left by the undo', reason: 'Reason', opens: 'open', noRows: 'No such rows', moreRows: '100 more rows', rowsGone: 'What stood in the rows is kept for 30 days, for whoever imported them only.',
  download: 'Download the result', downloadAll: 'All rows (Excel)', downloadRefused: 'Refused rows only (Excel)', downloadCsv: 'All rows (CSV)', downloadHint: 'Correct the refused rows and import them again',
  undo: 'Take this import back', undoTitle: 'Take this import back?', undoHelp: 'The {created} created records are deleted, the {updated} updated ones get their former values. What colleagues have changed since stays and is listed.', undoTouched: '{n} were changed by somebody since; those changes stay.', undoUntouched: 'Nobody has changed them since; all of it goes back.', undoSent: 'Sent already and not to be called back: {sent}', undone: '{n} records taken back', keptSome: '{n} were left, because somebody has changed them since or they are not yours to change', undoneBy: 'taken back by {who}, {when}', failed: 'The import broke off: {why}', failed_SIGN_IN_REQUIRED: 'its importer is no longer active', seeList: 'See {name}', interrupted: 'The rest does not go on by itself: take it back, or import again and skip what is there.',
}

export type Word = keyof typeof zh
/** The sentence for `key`, `{name}` filled from `params`. */
export function w(key: Word, params?: Record<string, string | number>): string {
  return filled((lang() === 'en' ? en : zh)[key], params)
}
