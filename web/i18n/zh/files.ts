export const files = {
  attachments: '附件', add: '添加文件', addTo: '添加到「{name}」', none: '把文件拖到这里，也可以粘贴图片', noneTouch: '还没有附件，点 + 拍照或选择文件', noneRead: '没有文件', drop: '松开即可上传', uploading: '正在上传 {name}', progress: '{name}，已传 {n}%', cancel: '取消上传{name}', failed: '{name}：{reason}', dismiss: '知道了',
  added: '已添加 {n} 个文件', removed: '已移除「{name}」', remove: '移除{name}', open: '查看{name}', download: '下载', downloadNamed: '下载{name}', unscanned: '未扫描', unscannedHelp: '还没有经过病毒扫描', infected: '有病毒', infectedHelp: '病毒扫描没有通过，不能打开', pasted: '粘贴的图片 {when}', textCut: '只显示开头部分，下载后可看全文', tooLarge: '文件超过 {limit} MB',
}
