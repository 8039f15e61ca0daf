export const audit = { title: '审计' }
