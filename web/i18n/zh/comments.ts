export const comments = {
  placeholder: '写评论，输入 @ 提到同事', label: '评论', send: '发表', original: '看原文', withdraw: '撤回', withdrawn: '已撤回评论', withdrawAsk: '撤回这条评论？', withdrawHelp: '同事将看不到内容；写过什么仍留在变更记录里。', edit: '修改', editing: '修改评论', people: '提到谁', cannotRead: '看不到这条记录', attach: '添加文件到评论', filter: '评论', removed: '评论已撤回',
  draftKept: '草稿自动保存 90 天，换设备也在；有审计权限的人看得到', restored: '上次没发出的内容还在', restoredForm: '上次没保存的内容还在', unsavedEdit: '上次改了没保存', giveUp: '丢弃', unsent: '有 {n} 条未发出的草稿', unsentTitle: '未发出的草稿', unsentHelp: '写了没有发出或已丢弃的内容，保留 90 天，只有审计权限能看。', draft_comment: '评论', draft_activity: '跟进备注', draft_create: '新建{object}', draft_edit: '修改', emptied: '清空', notSaved: '还没保存', unsavedForms: '没保存的新建表单', unsavedFormsHelp: '填了没有保存或已丢弃的新建表单，最近 50 份，保留 90 天，只有审计权限能看。', noUnsavedForms: '没有没保存的新建表单', givenUp: '已丢弃', stillOpen: '还没发',
  follow: '关注', following: '已关注', unfollow: '取消关注', followed: '已关注，负责人、阶段、金额有变化或有新评论时会通知你', unfollowed: '已取消关注', followers: '{n} 人关注',
}
