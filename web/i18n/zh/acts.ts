export const acts = {
  convertHint: '转换后原记录锁定并关联，可以撤销', makeNew: '新建', leaveOut: '不建', joining: '并入「{name}」', join: '并入', joined: '已选并入', joinNamed: '并入{name}', twins: '可能已经有了', sameField: '{field}相同', rowsAlong: '{name} {n} 行一并带过去', converted: '已转为{what}',
  reason: '原因', sure: '确定要「{act}」吗？', carried: '已{act} {n} 条', locked: '这条记录已锁定，不能修改', lock: '锁定', unlock: '解锁', unlocked: '已解锁', lockedNow: '已锁定', askUnlock: '申请解锁', unlockAsked: '已通知 {names}', whyUnlock: '为什么需要修改',
}
