/** Which way somebody went through the menu of the hotline. */
export const MENUS = ['按 1 咨询产品', '按 1 咨询产品，再按 2 报价', '按 2 预约演示', '按 3 实施与售后', '按 0 人工']

/** What somebody who left a form writes afterwards. `{make}`, `{need}` are filled in. */
export const MESSAGES = [
  '报价能先给个大概范围吗？我们在做预算', '有没有{make}工厂的案例，发我看看', '{need}能和我们现在的 ERP 对接吗', '下周方便来工厂看一下吗', '上次说的方案什么时候能发我', '实施一般要多久？我们想年后上线', '按年付费和买断分别怎么算', '领导想先看演示，最好这周', '老设备没有接口，也能采集吗', '刚才在开会没接到电话，下午三点以后都可以', '你们在我们这边有实施团队吗', '资料收到了，内部评估后联系您',
]
