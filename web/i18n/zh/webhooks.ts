export const webhooks = {
  title: '推送网址', hint: '规则把消息推送到哪里，接收方怎么确认是我们发的', key: '签名密钥', first: '公司建立时生成', since: '{at} 更换', show: '显示密钥', hide: '隐藏', change: '更换密钥', changed: '密钥已更换', changeHelp: '新密钥马上开始签名。旧密钥再用 24 小时，这期间每条消息带两个签名；请在此之前把新密钥交给接收方。更换不能撤回。',
  overlap: '旧密钥用到 {at}，在此之前每条消息带新旧两个签名。', previous: '旧密钥：', verify: '接收方用它核对请求头 ', verifyHow: '，做法见接口指南「推送到网址」。查看密钥会记入审计。',
  destinations: '推送到', none: '还没有规则推送到网址', noneHelp: '在自动化规则里添加动作「推送到网址」，它就会出现在这里。', off: '（已停用）', waiting: '{n} 条待发送',
}
