export const trace = {
  title: '全程', hint: '从触发到后续，一整条链', whole: '全程', came: '{object}进来', changed: '{object}有变化：{fields}', follows: '执行之后，接着', answered: '有了答复：{object}', decided: '有人作了决定：{object}', woken: '{what}：{object}', touched: '{object}有变化', due: '到了时间：{object}', noRules: '没有规则理会', version: '第 {n} 版', told: '提醒{name}', read: '已读 {when}', unread: '还没读', saw: '判断时看到的', next: '之后', nextNothing: '之后一周里，还没有人动过它', did: '改了{fields}',
}
