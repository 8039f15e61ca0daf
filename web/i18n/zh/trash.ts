export const trash = {
  title: '回收站', right: '删除', hint: '删除的记录留在这里，恢复后和原来一样', empty: '没有删除的{name}', emptyHelp: '删除的记录会列在这里：谁删的、什么时候、为什么。', by: '{who}删除了 {n} 条', restore: '恢复', restoreNamed: '恢复「{name}」', restoreAll: '恢复这 {n} 条', restored: '已恢复{what}', left: '还剩 {n} 天', held: '{n} 条没有删除：数量超过上限，已请{names}复核', heldNobody: '{n} 条没有删除：数量超过上限，需要另一个人复核',
}
