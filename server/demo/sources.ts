import type { Random } from './random.ts'

/** How a lead found us. `form` null: a member wrote it down. */
export interface Source { channel: string; form: string | null; formName: string | null; page: string | null; referrer: string | null; utm: readonly [source: string, medium: string, campaign: string] | null; campaign: string | null; browses: boolean }

const SITE = 'https://www.yunqi.example'
export const PRICING = `${SITE}/pricing`
export const PAGES = [PRICING, `${SITE}/product/mes`, `${SITE}/product/aps`, `${SITE}/case/auto-parts`, `${SITE}/case/electronics`, `${SITE}/case/medical-device`, `${SITE}/resources/whitepaper`, `${SITE}/about`]
export const WHITEPAPER = 'mes_whitepaper'
export const MATERIALS = [WHITEPAPER, 'auto_parts_case', 'medical_case', 'selection_checklist']

const form = (channel: string, key: string, formName: string, more: Partial<Source> = {}): Source => ({ channel, form: key, formName, page: null, referrer: null, utm: null, campaign: null, browses: false, ...more })
const byHand = (channel: string): Source => ({ channel, form: null, formName: null, page: null, referrer: null, utm: null, campaign: null, browses: false })

const SOURCES: readonly (readonly [Source, number])[] = [
  [form('website', 'pricing', '官网定价页', { page: PRICING, browses: true }), 15],
  [form('website', 'pricing', '官网定价页', { page: `${PRICING}?utm_source=baidu&utm_medium=cpc&utm_campaign=mes2026`, referrer: 'https://www.baidu.com/', utm: ['baidu', 'cpc', 'mes2026'], campaign: 'search', browses: true }), 16],
  [form('website', 'diagnosis', '数字化诊断页', { page: `${SITE}/diagnosis`, browses: true }), 9],
  [form('website', 'diagnosis', '数字化诊断页', { page: `${SITE}/diagnosis?utm_source=360&utm_medium=cpc&utm_campaign=diagnosis`, referrer: 'https://www.so.com/', utm: ['360', 'cpc', 'diagnosis'], browses: true }), 6],
  [form('douyin', 'douyin', '抖音线索表单', { page: `${SITE}/douyin?utm_source=douyin&utm_medium=feed&utm_campaign=workshop`, utm: ['douyin', 'feed', 'workshop'], campaign: 'douyin' }), 14],
  [form('wechat', 'wechat', '公众号菜单', { page: `${SITE}/wechat?utm_source=wechat&utm_medium=menu`, utm: ['wechat', 'menu', 'official'], campaign: 'wechat', browses: true }), 11],
  [form('exhibition', 'expo', '展会扫码', { page: `${SITE}/expo?utm_source=expo&utm_medium=qr`, utm: ['expo', 'qr', 'ciif2026'], campaign: 'expo' }), 10],
  [byHand('hotline'), 8], [byHand('referral'), 6], [byHand('outbound'), 5],
]
export const sourceOf = (random: Random): Source => random.weighted(SOURCES)
