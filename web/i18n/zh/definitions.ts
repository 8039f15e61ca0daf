export const definitions = { title: '对象与字段' }
