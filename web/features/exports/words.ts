import { filled, lang } from '../../i18n/index.ts'

/** Exports are a page of their own, loaded when it is opened: its words travel with it. */
const zh = {
  title: '导出', hint: '谁在什么时候导出了什么；大列表在后台做好，7 天内可以下载', mine: '我的', all: '所有人的', trace: '追查泄露', which: '看哪些',
  none: '还没有导出过', noneHelp: '在列表右上角点「导出」。超过 5,000 行的会在后台做，做好了通知你。', noneAll: '还没有人导出过', noneAllHelp: '有人导出之后，谁、什么时候、从哪里、多少行，都列在这里。', more: '更多',
  rows: '{n} 行', progress: '{done} / {n} 行', state_left: '已下载', state_waiting: '排队中', state_running: '正在做', state_done: '可以下载', state_failed: '没有做成', state_cancelled: '已停止', state_gone: '已过期',
  download: '下载', downloadNamed: '下载 {name}', stop: '停止', stopped: '已停止，没有留下文件', until: '{when} 前可以下载', taken: '下载过 {n} 次', leave: '可以离开这一页，做好了会通知你',
  paste: '把泄露的几行粘贴到这里', pasteHelp: '从表格里直接复制，5 行左右最准。列不全、顺序乱了、格式变了、删了水印，都可以。', find: '追查', rowsGiven: '已粘贴 {n} 行',
  found: '最可能出自', foundOthers: '同样含有这些内容', nobody: '没有哪次导出含有这些内容', nobodyHelp: '可能是截图、手抄，或者导出之后数据改过很多。换几行，多带几列再试。',
  who: '谁', when: '什么时候', where: '从哪里', what: '导出了什么', number: '编号', match: '对上', matchN: '{n} 行中的 {found} 行，{values} 个值', marked: '水印还在，就是这次导出', keptHere: '这份文件做好了但没有下载过', more_audit: '在审计里查看',
}
const en: typeof zh = {
  title: 'Exports', hint: 'Who took what along, and when; large lists are made in the background and kept for 7 days', mine: 'Mine', all: 'Everybody’s', trace: 'Trace a leak', which: 'Which ones',
  none: 'Nothing exported yet', noneHelp: 'Press “Export” above any list. Beyond 5,000 rows it is made in the background, and you are told.', noneAll: 'Nobody has exported anything yet', noneAllHelp: 'Who, when, from where and how many rows will be listed here.', more: 'More',
  rows: '{n} rows', progress: '{done} of {n} rows', state_left: 'downloaded', state_waiting: 'waiting', state_running: 'being made', state_done: 'ready', state_failed: 'failed', state_cancelled: 'stopped', state_gone: 'expired',
  download: 'Download', downloadNamed: 'Download {name}', stop: 'Stop', stopped: 'Stopped; no file was left', until: 'until {when}', taken: 'downloaded {n} times', leave: 'You may leave this page; you will be told',
  paste: 'Paste the leaked rows here', pasteHelp: 'Copied straight from a sheet; five rows or so are best. Columns may be missing, the order and format may differ, the mark may be gone.', find: 'Trace', rowsGiven: '{n} rows pasted',
  found: 'Most likely from', foundOthers: 'These hold them too', nobody: 'No export holds these rows', nobodyHelp: 'It may be a photograph or a copy by hand, or the data has changed much since. Try other rows, with more columns.',
  who: 'Who', when: 'When', where: 'From where', what: 'What', number: 'Number', match: 'Matches', matchN: '{found} of {n} rows, {values} values', marked: 'The mark is still there: it was this export', keptHere: 'Made ready, but never downloaded', more_audit: 'See in the audit',
}

export type Word = keyof typeof zh
/** The sentence for `key`, `{name}` filled from `params`. */
export function w(key: Word, params?: Record<string, string | number>): string {
  return filled((lang() === 'en' ? en : zh)[key], params)
}
