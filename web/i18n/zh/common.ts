export const common = {
  product: '下一步', close: '关闭', cancel: '取消', save: '保存', done: '完成', undo: '撤销', delete: '删除', edit: '编辑', copy: '复制', copied: '已复制', retry: '重试', remove: '移除',
  required: '必填', search: '搜索', choose: '请选择', chooseDate: '选择日期', clear: '清除', clearNamed: '清除{name}', removeNamed: '移除「{name}」', createNamed: '新建「{name}」', noMatch: '没有匹配的选项', loading: '正在加载',
  today: '今天', time: '时间', previousMonth: '上个月', nextMonth: '下个月', yes: '是', no: '否', none: '无', all: '全部',   failed: '没有成功', tryAgain: '请稍后重试', requestId: '编号', sentenceGap: '，', listGap: '、', offline: '网络断开了，恢复后会自动刷新', serverAway: '服务暂时不可用，正在自动重试',
  saved: '已保存', savedLive: '已保存，立即生效', deleted: '已删除「{name}」', loadMore: '加载更多', people: '{n} 人', rows: '{n} 条', rowsMany: '{n}+ 条',
  leaveTitle: '还没有保存', leaveHelp: '离开后，刚才的修改会丢失。', leave: '不保存，离开', notFound: '页面不存在', notFoundHelp: '链接可能已经失效，或者你没有权限查看。', toHome: '回到首页', broken: '这个页面出错了', brokenHelp: '已填写的内容可能没有保存，请刷新后再试。', reload: '刷新页面',
  comma: '，', colon: '：', lessText: '收起', wholeText: '展开全部', stop: '。', version: '第 {n} 版', newVersion: '产品已更新', quote: '「{text}」', system: '系统', unknownMember: '已离开的成员', noRight: '没有权限', noRightHelp: '这个页面需要「{right}」权限，请联系管理员开通。',
}
