export const sending = {
  to: '推送到 {host}', out: '外发（{channel}）', state_waiting: '待发', state_held: '规则没有启用，留着没发', state_restored: '从备份恢复后停住，等放行', state_missing: '渠道没接通，留着没发', state_retrying: '还没送到，稍后再试', state_unconfirmed: '已发出，未确认', state_delivered: '已送达', state_refused: '被拒', state_failed: '试了多次没发出去', state_cancelled: '规则已删除，不再发送', state_unknown: '结果未知', times: '第 {n} 次', why: '原因：{reason}',
}
