export const rules = { title: '自动化' }
