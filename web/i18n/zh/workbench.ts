export const workbench = {
  title: '今日作战台', boards: '看板', home: '首页', late: '夜深了，{name}', morning: '上午好，{name}', noon: '中午好，{name}', afternoon: '下午好，{name}', evening: '晚上好，{name}',
  count: '{count} 条', countHot: '{count} 条，{hot} 条快到时限', countItems: '{count} 件', seeAll: '查看全部', others: '还有 {n} 条', allUnassigned: '待分配看板', assign: '分派', heldBy: '负责人 {name}',
  todayEmpty: '今天没有待联系的线索', todayEmptyHelp: '新线索分给你时会立刻出现在这里。', behavioursEmpty: '还没有新的客户行为', behavioursEmptyHelp: '客户看页面、下载资料、再次提交表单，都会出现在这里。', unfinishedEmpty: '昨天的事都办完了', unfinishedEmptyHelp: '到期没完成的任务会留在这里，直到办完。',
  panorama: '客户全景', panoramaFind: '客户名称、联系人或电话（后四位也行）', panoramaStart: '来电了？输入名称或电话', panoramaStartHelp: '联系人、最近沟通、最新行为、未结工单和订单都在一张卡上。', panoramaNone: '没有找到这位客户', panoramaNoneHelp: '换个写法，或者用电话后四位试试。', openRecord: '打开客户', nothingHere: '暂无',
  tasksEmpty: '没有待办', tasksEmptyHelp: '分给你的任务会出现在这里，按截止时间排。', waitingEmpty: '没有等你处理的事', waitingEmptyHelp: '别人提交给你的审批和申请会出现在这里。', month: '本月', done: '完成 {percent}%', noTarget: '没有设定',
  assignEmpty: '没有待分配或快超时的线索', assignEmptyHelp: '无人可接的线索和快到时限的跟进会出现在这里。', stuckEmpty: '没有升级或卡住的事', stuckEmptyHelp: '72 小时没有跟进的线索会升级到这里。', auditEmpty: '没有需要留意的改动', auditEmptyHelp: '不寻常的修改会出现在这里。',
  forWhom: '代 {name}',
}
