/** Option of the need dictionary → its share, what people write into the form, what hurts them. `{make}`, `{n}` are filled in. */
export const NEEDS: Readonly<Record<string, { weight: number; asks: readonly string[]; pains: readonly string[] }>> = {
  mes: { weight: 55,
    asks: ['想上一套 MES，先做{make}车间，{n} 条线', '生产进度看不到，想做报工和追溯', '客户要求提供过程追溯，半年内要上线', '现在用 Excel 排产派工，想换成系统', '集团要求各工厂上 MES，先了解方案和价格', '{make}产线需要扫码报工，和现有 ERP 对接', '新厂房明年投产，想把 MES 一起规划进去', '想了解同行业{make}工厂的 MES 案例和报价', '设备有 {n} 台，能不能自动采集产量和状态'],
    pains: ['工单进度靠班长打电话问，交期经常拖', '{make}的批次追不到人和设备，客户审核被扣分', '在制品堆在车间，账实对不上', '返工和报废没有统计，月底才知道亏在哪道工序', '报工滞后一天，计划没法调'] },
  aps: { weight: 8, asks: ['插单太多，想做自动排产', '有 {n} 台设备要排，Excel 排一天', '想要一个能和 ERP 打通的高级排产'], pains: ['急单一来全部重排，排产员离职没人会', '换型时间没算进去，计划天天变'] },
  qms: { weight: 9, asks: ['想做来料、过程、出货检验的电子化', '主机厂要求质量数据在线，了解一下 QMS', '首检巡检都是纸质记录，想换掉'], pains: ['检验记录补写，审核时很被动', '同一个不良反复出现，没有闭环'] },
  wms: { weight: 8, asks: ['仓库要上扫码，原料和成品一起', '{n} 个库区，想做先进先出和库位管理'], pains: ['找料时间长，先进先出做不到', '盘点一次停产一天'] },
  scada: { weight: 7, asks: ['{n} 台注塑机和加工中心想做数据采集', '设备稼动率想做看板'], pains: ['设备停机原因说不清，OEE 是估的'] },
  erp: { weight: 4, asks: ['现有 ERP 太老，想一起换', 'ERP 和车间脱节，想了解一体化方案'], pains: ['财务和车间两套数'] },
  iot: { weight: 3, asks: ['卖出去的{make}想做远程监测', '想了解工业物联网平台'], pains: ['售后全靠客户打电话报修'] },
  diagnosis: { weight: 6, asks: ['想先做一次数字化诊断', '不知道从哪里开始，希望顾问来看看'], pains: ['上过一套系统没用起来，这次想先想清楚'] },
}

/** Yuan; null: nothing said. */
export const BUDGETS: readonly (readonly [range: readonly [number, number] | null, weight: number])[] = [
  [null, 27], [[50_000, 100_000], 9], [[100_000, 200_000], 14], [[200_000, 300_000], 12], [[300_000, 500_000], 13], [[500_000, 800_000], 8], [[500_000, 1_000_000], 8], [[800_000, 1_500_000], 4], [[1_000_000, 2_000_000], 3.5], [[2_000_000, 3_000_000], 1.5],
]
export const RIVALS = ['鼎信 MES', '华络云', '群工软件', '博工智造', '北川科技']
