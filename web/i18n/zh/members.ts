export const members = { title: '成员' }
