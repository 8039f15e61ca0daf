import { filled, lang } from '../../i18n/index.ts'

/** The tour is for demonstrations only and loaded with them: its words travel with it. */
const zh = {
  name: '导览', sample: '演示数据', open: '导览 {n}/{all}', close: '先收起', restart: '从头再来', skip: '跳过这一步', finished: '导览走完了。数据都是演示的，随便点、随便改；左上角随时能回到作战台。', again: '再走一遍', step: '第 {n} 步，共 {all} 步',
  sit: '换成{name}', waiting: '等你做完，这里会自己往下走', seen: '看到了',
  submit: '一条线索进来', submitHelp: '打开定价表单填一份：行业选「汽车零部件」，需求「MES系统」，预算「120万」，地区「江苏苏州」。', openForm: '打开定价表单', code: '用手机扫码填写：{address}', codeLocal: '想用手机扫码，请以 npm start -- --demo --lan 启动。', submitWho: '先换成销售总监，能看到所有线索。',
  owner: '几秒后到了负责人手里', ownerHelp: '「{lead}」已分给{owner}，分级：{grade}。换成{owner}，看它怎样出现在作战台上、为什么排在前面。', ownerWait: '规则正在打标、分级、分配……',
  why: '为什么是{owner}，不是华北的人', whyHelp: '打开这条线索，点名字旁的「为什么」：表里每个人都有行业、区域、负载三项得分，华北的人区域不对口，输在哪一项一眼就看到。', openLead: '打开这条线索',
  pass: '72 小时没人跟进', passHelp: '把演示的时钟拨快 73 小时，这段时间谁也没跟进这条线索。', passAct: '拨快 73 小时',
  told: '主管知道了', toldHelp: '换成{name}：铃铛里有「72 小时未跟进」，带着客户最近的行为。', openNotices: '打开通知',
  restless: '谁在往后推预计采购时间', restlessHelp: '换成销售总监，打开审计：最上面列着三位销售，把同一个商机的「预计采购时间」往后推了三次，从哪天推到哪天都在。规则 R19 已经提醒了风控总监。', openAudit: '打开审计',
  own: '导入你自己的 Excel 试一试', ownHelp: '拿一份自己的名单：列名不用改，先试运行看看哪几行不对，勾上「导入后执行自动化规则」，就能看到你的客户怎样被打标、分级、分配。不想留了，整次撤销。', openImport: '去导入', ownWaiting: '导入完，这里就走完了', ownDesk: '请在电脑上导入。',
  replay: '规则改了会怎样', replayHelp: '打开规则 R4，点一下「预算下限 ≥ 50 万」改成 20 万，再点「用过去 30 天试一试」：哪些线索会多打标签、和真实经过差在哪里，一条条点开看。什么都不会写。', openRule: '打开规则 R4',
}
const en: typeof zh = {
  name: 'Tour', sample: 'Sample data', open: 'Tour {n}/{all}', close: 'Put away', restart: 'Start again', skip: 'Skip this step', finished: 'That was the tour. All of this is sample data: try anything.', again: 'Once more', step: 'Step {n} of {all}',
  sit: 'Become {name}', waiting: 'This goes on by itself once you have done it', seen: 'I have seen it',
  submit: 'A lead comes in', submitHelp: 'Fill in the pricing form: industry 汽车零部件, need MES系统, budget 120万, region 江苏苏州.', openForm: 'Open the pricing form', code: 'Scan to fill it in on a phone: {address}', codeLocal: 'To scan it with a phone, start with npm start -- --demo --lan.', submitWho: 'First become the sales director, who sees every lead.',
  owner: 'Seconds later it has an owner', ownerHelp: '“{lead}” went to {owner}, grade: {grade}. Become {owner} and see where it stands in their day, and why.', ownerWait: 'Rules are tagging, grading and assigning…',
  why: 'Why {owner}, and nobody from the north', whyHelp: 'Open the lead and press “Why”: the table of candidates shows everybody’s score for industry, region and load.', openLead: 'Open the lead',
  pass: '72 hours without a follow-up', passHelp: 'Move the demo’s clock 73 hours ahead while nobody touches the lead.', passAct: 'Move it 73 hours',
  told: 'The supervisor is told', toldHelp: 'Become {name}: the bell says “72 hours without follow-up”, with what the customer did last.', openNotices: 'Open notifications',
  restless: 'Who keeps pushing the purchase date', restlessHelp: 'Become the sales director and look at the expected purchase date of opportunities in the audit: on top stand three people who put theirs off three times, from which day to which. Rule R19 has told the risk director.', openAudit: 'Open the audit',
  own: 'Try it with a table of your own', ownHelp: 'Bring a list of your own: its columns need no renaming, a trial run says which rows are wrong, and with “Run automation rules” ticked you see your own people tagged, graded and assigned. Take it all back when you are done.', openImport: 'Import', ownWaiting: 'This ends by itself once you have imported', ownDesk: 'Importing is done at a computer.',
  replay: 'What if the rule were another', replayHelp: 'Open rule R4, press the budget of 500,000 and make it 200,000, then “Try it on the last 30 days”: which leads would be tagged beside what really happened. Nothing is written.', openRule: 'Open rule R4',
}

/** The tour's sentence for `key`, `{name}` filled from `params`. */
export function w(key: keyof typeof zh, params?: Record<string, string | number>): string {
  return filled((lang() === 'en' ? en : zh)[key], params)
}
