export const reweigh = {
  title: '换成这组权重，过去会怎样', hint: '按当时的候选人和负载重算，拖动就更新；不写入，也不猜人会怎么做', none: '这段时间没有分配过。',
  same: '{decisions} 次分配，结果都和实际一样', moved: '{decisions} 次分配里，{moved} 次会给别人（{share}）',
  measures: '两种分法对比', measure: '对比', actual: '实际', asIf: '这样分', fairness: '均衡度', fairnessHelp: '每人分到的数量占承接上限的比例是否接近：100% 表示完全一样', half: '等到负责人（多数）', most: '等到负责人（最慢一成）', nobody: '当时没有人能接', byCompleteness: '同分，由资料完整率决定', byCompletenessHelp: '只有当时记下了完整率的分配才算得出来',
  members: '每个人分到多少', received: '分到', peak: '最高负载', elsewhere: '会给别人的记录', nobodyShort: '没有人', onlyOf: '只看{name}的',
  took: '{decisions} 次分配全部重算，用时 {seconds} 秒', cut: '只算了最近 {decisions} 次，用时 {seconds} 秒', seconds: '{n} 秒', minutes: '{n} 分钟', hours: '{n} 小时', days: '{n} 天',
}
