export { type Carried, carryOut, type Carrying, offeredActs } from './carry.ts'
export { convert, type Converted, type Choice, proposeConversion, type Proposal } from './convert.ts'
