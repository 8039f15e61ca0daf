import { expect, test } from 'vitest'
import { isFound } from './find.ts'

const texts = ['R8', 'R8 新线索 25 分钟未跟进：提醒负责人', undefined, '当线索的创建时间之后 25 工作分钟没有动静，就通知负责人「〔姓名〕」']

test.for([['', true], ['提醒', true], ['r8', true], ['工作分钟 提醒', true], ['通知', true], ['提醒 回款', false], ['undefined', false]] as const)('「%s」 finds a rule by its name and by what it does: %s', ([wanted, found]) => {
  expect(isFound(wanted, texts)).toBe(found)
})
