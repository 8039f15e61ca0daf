import type { Finding, Flaw } from './types.ts'

/** What was found, for whoever has to act on it. */
const WORDS: Readonly<Record<Flaw, readonly [zh: string, en: string]>> = {
  'act altered': ['一次操作或它的变更在封存后被改动', 'an act or one of its changes was altered after it was sealed'],
  'act removed': ['一次已封存的操作被删除', 'a sealed act was removed'],
  'act added': ['一次操作绕过系统写入日志，从未封存', 'an act was put into the log behind the product and never sealed'],
  'act back-dated': ['一次操作的时间早于它应在的块', 'an act carries a time long before the block that it stands in'],
  'change added': ['一条变更绕过系统写入日志，没有对应的操作', 'a change was put into the log without an act'],
  'leaf removed': ['封存记录缺失', 'a leaf of the seal was removed'],
  'leaf added': ['封存记录多出一条', 'a leaf was added to the seal'],
  'block removed': ['块缺失', 'blocks were removed'],
  'block altered': ['块与它的内容不符', 'a block does not match what it covers'],
  'block rechained': ['块没有接在前一块之后', 'a block does not follow the one before it'],
  'block unsigned': ['块的签名无效', 'the signature of a block is not valid'],
  'key unknown': ['块由未知的密钥签名', 'a block was signed by an unknown key'],
  'incarnation fell': ['恢复次数变小', 'the count of restores fell'],
  'erased otherwise': ['一次删除个人信息的操作与它删除的内容对不上', 'an erasure does not account for what is said to be erased by it'],
  'log cut off': ['日志末尾被截断：外部记下的块已不存在', 'the end of the log was cut off: a block that the outside was told of is gone'],
  'log rewritten': ['日志被改写：与外部记下的块不同', 'the log was rewritten: it differs from what the outside was told'],
  'waits too long': ['有操作等待封存超过一分钟', 'acts have waited for their seal for more than a minute'],
  'row differs': ['记录与日志不符：绕过系统改了数据', 'a record differs from the log: it was changed behind the product'],
  'load differs': ['负载与实际不符', 'a load differs from what is owned'],
}

/** A sentence: what, in which block and act, on which record. */
export function flawWords({ flaw, block, act, object, record, field, at, detail }: Finding): { zh: string; en: string } {
  const where = (names: readonly [string, unknown][]) => names.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}${value as string}`).join(' · ')
  const [zh, en] = WORDS[flaw]
  const end = [object && record ? `${object} ${record}` : object, field, at, detail].filter(Boolean).join(' · ')
  return { zh: [zh, where([['块 ', block], ['操作 ', act]]), end].filter(Boolean).join(' · '), en: [en, where([['block ', block], ['act ', act]]), end].filter(Boolean).join(' · ') }
}
