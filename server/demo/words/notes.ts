/** What was noted after a follow-up, by result. Placeholders: {surname} {title} {make} {need} {n} {rival} {day} {colleague}. */
export const NOTES: Readonly<Record<string, readonly string[]>> = {
  interested: [
    '{surname}总确认下半年要上{need}，先做{make}车间，让我准备同行案例', '电话聊了十五分钟，对追溯和报工最感兴趣，{day}发方案', '已加微信，发了案例和白皮书，{surname}总说内部先看', '{surname}{title}想先看系统，预算在走流程', '主要痛点是进度不透明，{n} 条线先做一条样板', '对比过{rival}，更看重实施团队懂{make}', '客户在做立项材料，需要我们提供报价区间和周期', '老板亲自接的电话，说年底前要定，约了{day}再细聊', '现场有 {n} 台设备要采集，问能不能接老设备', '客户 ERP 用的是老版本，关心接口怎么做'],
  follow_later: [
    '正在开会，让{day}再打', '{surname}总在出差，下周回来再约', '说最近在赶货，月底再谈', '资料已转给信息部，等他们内部评估', '方案看了，要等总部批预算', '换了对接人，新来的{title}还在熟悉情况', '目前在看三家，{rival}也在谈，月底出结果', '微信回复说{day}有空再通话', '对方要先和财务确认付款方式'],
  demo_booked: ['约好{day}线上演示，生产和信息部都参加', '{surname}总同意来公司看演示，约{day}，一行三人', '演示定在{day}，重点看排产和追溯，需要售前支持', '约到现场演示，对方准备了{make}的真实工单'],
  demoed: ['演示顺利，{surname}总当场问了实施周期，要报价', '演示时采集部分被问得比较细，已约售前补充材料', '车间主任觉得报工界面简单，信息部关心权限和接口', '演示两个小时，对方要求加一个委外工序的场景'],
  sampled: ['工位终端和扫码枪样机已寄出，顺丰单号已发客户'],
  quoted: ['报价单已发，{surname}总觉得实施费偏高，想分两期', '按 {n} 个工位报价，含一年运维，等对方比价', '报价已收到，要求{day}前给最终折扣'],
  no_need: ['今年没有预算，明年一季度再看', '刚上了{rival}，暂时不考虑', '只是帮领导了解一下，没有项目', '工厂要搬迁，搬完再说', '规模太小，二十来个人，先用表格'],
  refused: ['说打错了，不需要', '直接挂断，微信也不通过', '对方说已经有供应商，不要再打'],
  no_answer: ['无人接听，已发短信', '响了很久没人接，下午再试', '通话中，已加微信待通过', '关机，留了短信', '第二次未接，换个时间段再打'],
  wrong_number: ['空号', '号码是别人的，不认识这个公司', '停机'],
}
export const RESULT_METHODS: Readonly<Record<string, readonly (readonly [method: string, weight: number])[]>> = {
  interested: [['phone', 7], ['wechat', 3], ['visit', 1]], follow_later: [['phone', 6], ['wechat', 4]], demo_booked: [['phone', 7], ['wechat', 2]], demoed: [['demo', 8], ['visit', 2]], sampled: [['email', 1]], quoted: [['email', 4], ['wechat', 4], ['visit', 1]],
  no_need: [['phone', 8], ['wechat', 1]], refused: [['phone', 1]], no_answer: [['phone', 1]], wrong_number: [['phone', 1]],
}
/** Little promises that a salesperson writes down. */
export const PROMISES: readonly (readonly [title: string, kind: string])[] = [
  ['给{surname}{title}发{make}行业案例', 'follow'], ['补录预算和决策链', 'supplement'], ['和售前确认{need}接口清单', 'follow'], ['发报价区间说明', 'follow'], ['约信息部一起开线上会', 'follow'], ['补录当前痛点', 'supplement'], ['回访演示后的意见', 'follow'],
]
export const DAYS = ['明天上午', '周三', '周四下午', '下周一', '下周二上午', '后天']
