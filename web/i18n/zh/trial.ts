export const trial = {
  title: '时光回放', hint: '拿过去的真实记录试一试：同事和客户做过的照旧，规则做的重算一遍；什么都不会写、不会发', start: '用过去 {days} 天试一试', stop: '停止', length: '多少天', days: '{days} 天', running: '正在回放', reading: '正在重读记录 {percent}%', stale: '规则又改过了，下面还是改之前的结果',
  same: '和现在的做法没有差别', differs: '有 {count} 条记录会不一样', fired: '这条规则：现行 {now} 次，草稿 {asIf} 次', read: '读了 {read} 条变更、{records} 条记录，用时 {seconds} 秒。真实发生按当时的规则；同事知道得更早或更晚会怎么做，这里不猜。',
  totals: '各种动作的次数', what: '动作', actual: '真实发生', now: '现行规则重算', asIf: '用这份草稿', difference: '差别', none: '没有',
  what_tag: '打标签', what_untag: '去标签', what_owner: '分配到人', what_nobody: '无人可接', what_create: '新建记录', what_set: '改字段', what_grade: '分级变化', what_update: '更新相关记录', what_notify: '提醒（人次）', what_message: '对外消息', what_webhook: '推送',
  members: '谁的工作会变', member: '成员', assigned: '分到', open: '最后手上', messages: '收到提醒', allMembers: '看全部 {count} 人',
  records: '哪些记录会不一样', show: '查看{name}的差别', onlyNewest: '只列最近的 {shown} 条，共 {total} 条', wouldHave: '会有什么不同', really: '真实经过', nothingReally: '这段时间里没有别的记录', made: '回放里才会有的记录',
  more: '多', less: '不再', moved: '改时间', at: '{when}', was: '原在 {when}', sooner: '提前 {length}，{when}', later: '推迟 {length}，{when}',
  does_tag: '打【{name}】', does_untag: '去【{name}】', does_owner: '分给{name}', does_nobody: '无人可接', does_create: '新建{name}', does_set: '改「{name}」', does_grade: '分级为{name}', does_update: '更新{name}', does_notify: '提醒{name}', does_message: '发消息（{name}）', does_webhook: '推送{name}', does_unanswered: '这里要等{name}审批：不猜结果',
  wordsKnown: '请求审批：草稿走到 {count} 次当时真有人被问过的审批，照当时的结果往下走。', wordsUnknown: '另有 {count} 次要等某人审批：当时没人被这样问过，试算不猜结果，只算到这一步。', wordsOnlyUnknown: '请求审批：有 {count} 次要等某人审批，当时没人被这样问过。试算不猜结果，只算到这一步。',
  decidedTaken: '等待中的执行：同事当时让它继续、叫停、重试过 {count} 次，这里照做。', decidedWithout: '另有 {count} 次，草稿里没有停在那里的执行，没有照做。', decidedOnlyWithout: '等待中的执行：同事当时处理过 {count} 次，草稿里没有停在那里的执行，没有照做。', decidedOwn: '同事为自己名下的记录改过 {count} 次设置（暂停规则、接收时间），从当时起照样有效。',
  pushesTried: '收到的推送：{count} 次，按当时的原文和当时找到的记录重算。', pushesOff: '规则停用时收到的 {count} 次没有算。', pushesErased: '内容已按删除权清除的 {count} 次没有算。',
}
