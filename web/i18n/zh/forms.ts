export const forms = { title: '表单' }
