/**
 * GB/T 2260: provinces with their greater region, and prefecture-level divisions (four digits, Chinese, pinyin).
 *
 * As published by 民政部 (state of 2023; read 2026-11-22). What follows the · belongs to the full name only; a name without one is a 市. Municipalities and 港澳台 have no second level here.
 */
export const AREAS = {
  east: { zh: '华东', en: 'East China' }, north: { zh: '华北', en: 'North China' }, central: { zh: '华中', en: 'Central China' }, south: { zh: '华南', en: 'South China' },
  southwest: { zh: '西南', en: 'Southwest China' }, northwest: { zh: '西北', en: 'Northwest China' }, northeast: { zh: '东北', en: 'Northeast China' }, hmt: { zh: '港澳台', en: 'Hong Kong, Macao, Taiwan' },
} as const
export type AreaKey = keyof typeof AREAS

/** Two digits, short name, what the full name adds, English, greater region. */
export const PROVINCES: readonly (readonly [prefix: string, zh: string, suffix: string, en: string, area: AreaKey])[] = [
  ['11', '北京', '市', 'Beijing', 'north'], ['12', '天津', '市', 'Tianjin', 'north'], ['13', '河北', '省', 'Hebei', 'north'], ['14', '山西', '省', 'Shanxi', 'north'], ['15', '内蒙古', '自治区', 'Inner Mongolia', 'north'],
  ['21', '辽宁', '省', 'Liaoning', 'northeast'], ['22', '吉林', '省', 'Jilin', 'northeast'], ['23', '黑龙江', '省', 'Heilongjiang', 'northeast'],
  ['31', '上海', '市', 'Shanghai', 'east'], ['32', '江苏', '省', 'Jiangsu', 'east'], ['33', '浙江', '省', 'Zhejiang', 'east'], ['34', '安徽', '省', 'Anhui', 'east'], ['35', '福建', '省', 'Fujian', 'east'], ['36', '江西', '省', 'Jiangxi', 'east'], ['37', '山东', '省', 'Shandong', 'east'],
  ['41', '河南', '省', 'Henan', 'central'], ['42', '湖北', '省', 'Hubei', 'central'], ['43', '湖南', '省', 'Hunan', 'central'],
  ['44', '广东', '省', 'Guangdong', 'south'], ['45', '广西', '壮族自治区', 'Guangxi', 'south'], ['46', '海南', '省', 'Hainan', 'south'],
  ['50', '重庆', '市', 'Chongqing', 'southwest'], ['51', '四川', '省', 'Sichuan', 'southwest'], ['52', '贵州', '省', 'Guizhou', 'southwest'], ['53', '云南', '省', 'Yunnan', 'southwest'], ['54', '西藏', '自治区', 'Tibet', 'southwest'],
  ['61', '陕西', '省', 'Shaanxi', 'northwest'], ['62', '甘肃', '省', 'Gansu', 'northwest'], ['63', '青海', '省', 'Qinghai', 'northwest'], ['64', '宁夏', '回族自治区', 'Ningxia', 'northwest'], ['65', '新疆', '维吾尔自治区', 'Xinjiang', 'northwest'],
  ['71', '台湾', '省', 'Taiwan', 'hmt'], ['81', '香港', '特别行政区', 'Hong Kong', 'hmt'], ['82', '澳门', '特别行政区', 'Macao', 'hmt'],
]

export const CITIES = `
1301石家庄Shijiazhuang 1302唐山Tangshan 1303秦皇岛Qinhuangdao 1304邯郸Handan 1305邢台Xingtai 1306保定Baoding 1307张家口Zhangjiakou 1308承德Chengde 1309沧州Cangzhou 1310廊坊Langfang 1311衡水Hengshui
1401太原Taiyuan 1402大同Datong 1403阳泉Yangquan 1404长治Changzhi 1405晋城Jincheng 1406朔州Shuozhou 1407晋中Jinzhong 1408运城Yuncheng 1409忻州Xinzhou 1410临汾Linfen 1411吕梁Lüliang
1501呼和浩特Hohhot 1502包头Baotou 1503乌海Wuhai 1504赤峰Chifeng 1505通辽Tongliao 1506鄂尔多斯Ordos 1507呼伦贝尔Hulunbuir 1508巴彦淖尔Bayannur 1509乌兰察布Ulanqab 1522兴安·盟Hinggan 1525锡林郭勒·盟Xilingol 1529阿拉善·盟Alxa
2101沈阳Shenyang 2102大连Dalian 2103鞍山Anshan 2104抚顺Fushun 2105本溪Benxi 2106丹东Dandong 2107锦州Jinzhou 2108营口Yingkou 2109阜新Fuxin 2110辽阳Liaoyang 2111盘锦Panjin 2112铁岭Tieling 2113朝阳Chaoyang 2114葫芦岛Huludao
2201长春Changchun 2202吉林Jilin 2203四平Siping 2204辽源Liaoyuan 2205通化Tonghua 2206白山Baishan 2207松原Songyuan 2208白城Baicheng 2224延边·朝鲜族自治州Yanbian
2301哈尔滨Harbin 2302齐齐哈尔Qiqihar 2303鸡西Jixi 2304鹤岗Hegang 2305双鸭山Shuangyashan 2306大庆Daqing 2307伊春Yichun 2308佳木斯Jiamusi 2309七台河Qitaihe 2310牡丹江Mudanjiang 2311黑河Heihe 2312绥化Suihua 2327大兴安岭·地区Daxing'anling
3201南京Nanjing 3202无锡Wuxi 3203徐州Xuzhou 3204常州Changzhou 3205苏州Suzhou 3206南通Nantong 3207连云港Lianyungang 3208淮安Huai'an 3209盐城Yancheng 3210扬州Yangzhou 3211镇江Zhenjiang 3212泰州Taizhou 3213宿迁Suqian
3301杭州Hangzhou 3302宁波Ningbo 3303温州Wenzhou 3304嘉兴Jiaxing 3305湖州Huzhou 3306绍兴Shaoxing 3307金华Jinhua 3308衢州Quzhou 3309舟山Zhoushan 3310台州Taizhou 3311丽水Lishui
3401合肥Hefei 3402芜湖Wuhu 3403蚌埠Bengbu 3404淮南Huainan 3405马鞍山Ma'anshan 3406淮北Huaibei 3407铜陵Tongling 3408安庆Anqing 3410黄山Huangshan 3411滁州Chuzhou 3412阜阳Fuyang 3413宿州Suzhou 3415六安Lu'an 3416亳州Bozhou 3417池州Chizhou 3418宣城Xuancheng
3501福州Fuzhou 3502厦门Xiamen 3503莆田Putian 3504三明Sanming 3505泉州Quanzhou 3506漳州Zhangzhou 3507南平Nanping 3508龙岩Longyan 3509宁德Ningde
3601南昌Nanchang 3602景德镇Jingdezhen 3603萍乡Pingxiang 3604九江Jiujiang 3605新余Xinyu 3606鹰潭Yingtan 3607赣州Ganzhou 3608吉安Ji'an 3609宜春Yichun 3610抚州Fuzhou 3611上饶Shangrao
3701济南Jinan 3702青岛Qingdao 3703淄博Zibo 3704枣庄Zaozhuang 3705东营Dongying 3706烟台Yantai 3707潍坊Weifang 3708济宁Jining 3709泰安Tai'an 3710威海Weihai 3711日照Rizhao 3713临沂Linyi 3714德州Dezhou 3715聊城Liaocheng 3716滨州Binzhou 3717菏泽Heze
4101郑州Zhengzhou 4102开封Kaifeng 4103洛阳Luoyang 4104平顶山Pingdingshan 4105安阳Anyang 4106鹤壁Hebi 4107新乡Xinxiang 4108焦作Jiaozuo 4109濮阳Puyang 4110许昌Xuchang 4111漯河Luohe 4112三门峡Sanmenxia 4113南阳Nanyang 4114商丘Shangqiu 4115信阳Xinyang 4116周口Zhoukou 4117驻马店Zhumadian
4201武汉Wuhan 4202黄石Huangshi 4203十堰Shiyan 4205宜昌Yichang 4206襄阳Xiangyang 4207鄂州Ezhou 4208荆门Jingmen 4209孝感Xiaogan 4210荆州Jingzhou 4211黄冈Huanggang 4212咸宁Xianning 4213随州Suizhou 4228恩施·土家族苗族自治州Enshi
4301长沙Changsha 4302株洲Zhuzhou 4303湘潭Xiangtan 4304衡阳Hengyang 4305邵阳Shaoyang 4306岳阳Yueyang 4307常德Changde 4308张家界Zhangjiajie 4309益阳Yiyang 4310郴州Chenzhou 4311永州Yongzhou 4312怀化Huaihua 4313娄底Loudi 4331湘西·土家族苗族自治州Xiangxi
4401广州Guangzhou 4402韶关Shaoguan 4403深圳Shenzhen 4404珠海Zhuhai 4405汕头Shantou 4406佛山Foshan 4407江门Jiangmen 4408湛江Zhanjiang 4409茂名Maoming 4412肇庆Zhaoqing 4413惠州Huizhou 4414梅州Meizhou 4415汕尾Shanwei 4416河源Heyuan 4417阳江Yangjiang 4418清远Qingyuan 4419东莞Dongguan 4420中山Zhongshan 4451潮州Chaozhou 4452揭阳Jieyang 4453云浮Yunfu
4501南宁Nanning 4502柳州Liuzhou 4503桂林Guilin 4504梧州Wuzhou 4505北海Beihai 4506防城港Fangchenggang 4507钦州Qinzhou 4508贵港Guigang 4509玉林Yulin 4510百色Baise 4511贺州Hezhou 4512河池Hechi 4513来宾Laibin 4514崇左Chongzuo
4601海口Haikou 4602三亚Sanya 4603三沙Sansha 4604儋州Danzhou
5101成都Chengdu 5103自贡Zigong 5104攀枝花Panzhihua 5105泸州Luzhou 5106德阳Deyang 5107绵阳Mianyang 5108广元Guangyuan 5109遂宁Suining 5110内江Neijiang 5111乐山Leshan 5113南充Nanchong 5114眉山Meishan 5115宜宾Yibin 5116广安Guang'an 5117达州Dazhou 5118雅安Ya'an 5119巴中Bazhong 5120资阳Ziyang 5132阿坝·藏族羌族自治州Aba 5133甘孜·藏族自治州Garze 5134凉山·彝族自治州Liangshan
5201贵阳Guiyang 5202六盘水Liupanshui 5203遵义Zunyi 5204安顺Anshun 5205毕节Bijie 5206铜仁Tongren 5223黔西南·布依族苗族自治州Qianxinan 5226黔东南·苗族侗族自治州Qiandongnan 5227黔南·布依族苗族自治州Qiannan
5301昆明Kunming 5303曲靖Qujing 5304玉溪Yuxi 5305保山Baoshan 5306昭通Zhaotong 5307丽江Lijiang 5308普洱Pu'er 5309临沧Lincang 5323楚雄·彝族自治州Chuxiong 5325红河·哈尼族彝族自治州Honghe 5326文山·壮族苗族自治州Wenshan 5328西双版纳·傣族自治州Xishuangbanna 5329大理·白族自治州Dali 5331德宏·傣族景颇族自治州Dehong 5333怒江·傈僳族自治州Nujiang 5334迪庆·藏族自治州Diqing
5401拉萨Lhasa 5402日喀则Shigatse 5403昌都Qamdo 5404林芝Nyingchi 5405山南Shannan 5406那曲Nagqu 5425阿里·地区Ngari
6101西安Xi'an 6102铜川Tongchuan 6103宝鸡Baoji 6104咸阳Xianyang 6105渭南Weinan 6106延安Yan'an 6107汉中Hanzhong 6108榆林Yulin 6109安康Ankang 6110商洛Shangluo
6201兰州Lanzhou 6202嘉峪关Jiayuguan 6203金昌Jinchang 6204白银Baiyin 6205天水Tianshui 6206武威Wuwei 6207张掖Zhangye 6208平凉Pingliang 6209酒泉Jiuquan 6210庆阳Qingyang 6211定西Dingxi 6212陇南Longnan 6229临夏·回族自治州Linxia 6230甘南·藏族自治州Gannan
6301西宁Xining 6302海东Haidong 6322海北·藏族自治州Haibei 6323黄南·藏族自治州Huangnan 6325海南·藏族自治州Hainan 6326果洛·藏族自治州Golog 6327玉树·藏族自治州Yushu 6328海西·蒙古族藏族自治州Haixi
6401银川Yinchuan 6402石嘴山Shizuishan 6403吴忠Wuzhong 6404固原Guyuan 6405中卫Zhongwei
6501乌鲁木齐Ürümqi 6502克拉玛依Karamay 6504吐鲁番Turpan 6505哈密Hami 6523昌吉·回族自治州Changji 6527博尔塔拉·蒙古自治州Bortala 6528巴音郭楞·蒙古自治州Bayingolin 6529阿克苏·地区Aksu 6530克孜勒苏·柯尔克孜自治州Kizilsu 6531喀什·地区Kashgar 6532和田·地区Hotan 6540伊犁·哈萨克自治州Ili 6542塔城·地区Tacheng 6543阿勒泰·地区Altay`
