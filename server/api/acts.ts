import { refused } from '#contract'
import { carryOut, convert, offeredActs, proposeConversion } from '#kernel/acts'
import { getRecord, undoToken } from '#kernel/records'
import { outcome } from './commands.ts'
import { byIds, relatedTo } from './related.ts'
import { offeredRules, press } from './press.ts'
import { requestUnlock } from './unlock.ts'
import type { Some } from './types.ts'

export const acts: Some<'offeredActs' | 'carryOut' | 'pressRule' | 'proposeConversion' | 'convert' | 'requestUnlock'> = {
  requestUnlock: (ctx, { body: { object, id, reason } }) => requestUnlock(ctx, { object, id: id.toLowerCase(), reason }),
  offeredActs: async (ctx, { params: { object, id } }) => {
    const view = await getRecord(ctx, object, id.toLowerCase())
    const { acts: offered, conversions } = await offeredActs(ctx, view)
    return { acts: offered.map(({ key }) => key), conversions: conversions.map(({ key }) => key), rules: await offeredRules(ctx, view) }
  },
  carryOut: async (ctx, { body: { act, ids, reason, choice } }) => {
    const object = ctx.metadata.recordActs.get(act)?.object ?? refused('NOT_FOUND')
    const { written, refused: no } = await carryOut(ctx, { act, ids: [...new Set(ids.map((id) => id.toLowerCase()))], reason, choice })
    return outcome(ctx, written, no.map((each) => ({ object, ...each })))
  },
  pressRule: (ctx, { body: { rule, ids } }, { api }) => {
    ctx.tx.afterCommit(() => api.wake())
    return press(ctx, rule, [...new Set(ids.map((id) => id.toLowerCase()))])
  },
  proposeConversion: async (ctx, { params: { object, id, conversion: key } }) => {
    if (ctx.metadata.conversions.get(key)?.object !== object) refused('NOT_FOUND')
    const { source, conversion, targets } = await proposeConversion(ctx, key, id.toLowerCase())
    const values = targets.map((target) => ({ object: target.object, values: target.values }))
    return { conversion: { key, label: conversion.label, lock: conversion.lock }, source, targets, related: await relatedTo(ctx, [source, ...values, ...targets.flatMap(({ twins }) => twins.map(({ record }) => record))]) }
  },
  convert: async (ctx, { body: { object, id, conversion: key, targets } }) => {
    if (ctx.metadata.conversions.get(key)?.object !== object) refused('NOT_FOUND')
    const { made, written } = await convert(ctx, { key, id: id.toLowerCase(), choices: targets.map((target) => (target.as === 'join' ? { ...target, id: target.id.toLowerCase() } : target)) })
    const named = await Promise.all(made.map(async (each) => ({ ...each, title: (await byIds(ctx, each.object, [each.id]))[0]?.title ?? '' })))
    return { made: named, undo: await undoToken(ctx, written.map(({ act }) => act)) }
  },
}
