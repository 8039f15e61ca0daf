export const lines = {
  add: '添加一行', edit: '编辑明细', remove: '删除', removeNo: '删除第 {n} 行', rowNo: '第 {n} 行', none: '还没有明细', saved: '明细已保存',
}
