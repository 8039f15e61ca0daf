export const assignment = { title: '分配' }
