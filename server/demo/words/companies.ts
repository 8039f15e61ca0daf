/** Two invented characters make a brand. */
export const FIRST = [...'华恒鑫瑞泰宏盛嘉德信凯锐腾博远卓康诚宇辰汇利金永安昌兴润佳奥飞科新天东海江浦越韵广亿万方中正明旭昊晨冠智云骏雅优普立祥福']
export const SECOND = [...'源润达泰信恒晟航腾锋科诺捷创智图联展驰维成隆峰通益林宝力特邦普森优胜宁和立庆尔斯迪凌川原阳泽禾润卓晖铭']
/** Pairs that would name somebody who exists. */
export const KNOWN = new Set(['正泰', '华润', '中信', '中通', '韵达', '佳通', '华联', '安联', '东阳', '智联', '普宁', '新和', '海立', '飞利', '金立', '德尔', '广联', '中联', '天合', '正源', '明阳', '立讯', '东方'])
export const FORMS: readonly (readonly [string, number])[] = [['有限公司', 78], ['股份有限公司', 14], ['集团有限公司', 8]]

/** Option of the industry dictionary → what such companies call themselves, how often they come, and what they make. */
export const INDUSTRIES: Readonly<Record<string, { weight: number; words: readonly string[]; makes: readonly string[] }>> = {
  auto_parts: { weight: 16, words: ['汽车零部件', '汽车配件', '汽车科技', '精密部件'], makes: ['转向节', '制动卡钳', '座椅骨架', '线束', '密封条', '发动机支架'] },
  auto_vehicle: { weight: 3, words: ['专用汽车', '客车制造', '汽车制造'], makes: ['冷藏车', '环卫车', '中巴客车'] },
  auto_ev: { weight: 6, words: ['新能源动力', '电驱动科技', '电控技术'], makes: ['电机定子', '电控箱体', '减速器'] },
  machine_tool: { weight: 5, words: ['数控机床', '精密机床', '刀具'], makes: ['立式加工中心', '数控车床', '硬质合金刀具'] },
  engineering_machinery: { weight: 3, words: ['工程机械', '重工机械'], makes: ['液压缸', '驱动桥', '升降平台'] },
  general_equipment: { weight: 8, words: ['机械设备', '流体装备', '压缩机', '智能装备'], makes: ['离心泵', '螺杆压缩机', '减速机', '阀门'] },
  robotics: { weight: 4, words: ['机器人', '自动化科技', '智能装备'], makes: ['输送线', '码垛机器人', '非标自动化设备'] },
  consumer_electronics: { weight: 6, words: ['电子科技', '智能科技', '数码电子'], makes: ['蓝牙耳机', '充电器', '智能手表'] },
  semiconductor: { weight: 3, words: ['半导体', '微电子'], makes: ['功率器件', '封装测试'] },
  pcb: { weight: 5, words: ['电路板', '线路科技', '电子'], makes: ['多层板', '柔性板'] },
  components: { weight: 5, words: ['电子元件', '电子', '连接器'], makes: ['连接器', '电感', '继电器'] },
  medical_device: { weight: 5, words: ['医疗器械', '医疗科技', '生物医疗'], makes: ['注射器', '监护仪外壳', '骨科耗材'] },
  pharma: { weight: 2, words: ['制药', '药业'], makes: ['口服固体制剂', '原料药'] },
  food_processing: { weight: 4, words: ['食品', '食品工业', '农产品加工'], makes: ['速冻面点', '调味酱', '休闲肉制品'] },
  beverage: { weight: 2, words: ['饮料', '乳业'], makes: ['果汁饮料', '低温奶'] },
  fine_chemical: { weight: 3, words: ['化工', '精细化工', '新材料'], makes: ['水处理剂', '电子化学品'] },
  plastics: { weight: 4, words: ['塑胶制品', '塑业', '高分子材料'], makes: ['注塑外壳', '吹塑桶', '改性粒子'] },
  coatings: { weight: 2, words: ['涂料', '胶粘制品'], makes: ['水性漆', '热熔胶'] },
  die_casting: { weight: 4, words: ['压铸', '精密压铸', '铝业'], makes: ['铝合金壳体', '散热器'] },
  sheet_metal: { weight: 4, words: ['金属制品', '钣金', '五金冲压'], makes: ['机箱机柜', '冲压件', '家具五金'] },
  weaving: { weight: 2, words: ['纺织', '织造'], makes: ['化纤面料', '针织坯布'] },
  garment: { weight: 2, words: ['服饰', '服装'], makes: ['工装', '羽绒服'] },
  photovoltaic: { weight: 3, words: ['光伏科技', '新能源'], makes: ['光伏组件', '支架'] },
  battery: { weight: 4, words: ['储能科技', '锂电', '新能源科技'], makes: ['电池模组', '储能柜'] },
  power_equipment: { weight: 3, words: ['电气', '电力设备'], makes: ['配电柜', '变压器', '母线槽'] },
  home_appliance: { weight: 4, words: ['电器', '家电科技'], makes: ['电热水器', '小家电', '空调配件'] },
  furniture: { weight: 2, words: ['家居', '家具'], makes: ['板式家具', '办公椅'] },
  building_materials: { weight: 2, words: ['建材', '新型建材'], makes: ['铝型材', '节能门窗'] },
  warehousing: { weight: 1, words: ['供应链', '仓储物流'], makes: ['区域仓配'] },
  fmcg: { weight: 1, words: ['日用品', '洗护用品'], makes: ['洗衣液', '纸尿裤'] },
}

/** City code → weight; where makers are. */
export const CITIES: readonly (readonly [code: string, weight: number])[] = [
  ['310000', 90], ['320500', 95], ['320200', 60], ['320400', 40], ['320100', 35], ['320600', 30], ['321000', 18], ['321200', 12], ['320300', 12], ['320900', 10],
  ['330100', 45], ['330200', 60], ['330400', 30], ['330300', 25], ['330600', 20], ['331000', 28], ['330700', 15], ['330500', 12],
  ['340100', 28], ['340200', 22], ['341100', 10], ['350200', 20], ['350500', 15], ['350100', 12], ['360100', 8],
  ['370200', 26], ['370100', 18], ['370600', 18], ['370700', 14], ['370300', 8],
  ['110000', 25], ['120000', 28], ['130600', 12], ['130100', 10], ['130200', 8], ['140100', 5], ['210200', 12], ['210100', 12], ['220100', 8], ['410100', 18], ['410300', 8], ['610100', 14],
  ['440300', 75], ['441900', 65], ['440600', 50], ['440100', 40], ['442000', 25], ['441300', 25], ['440400', 14], ['440700', 12], ['450200', 6], ['430100', 14], ['420100', 22], ['510100', 16], ['500000', 18],
]
