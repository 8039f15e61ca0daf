export const comments = {
  placeholder: '写评论，输入 @ 提到同事', label: '评论', send: '发表', original: '看原文', withdraw: '撤回', withdrawn: '已撤回评论', withdrawAsk: '撤回这条评论？', withdrawHelp: '同事将看不到内容；写过什么仍留在变更记录里。', edit: '修改', editing: '修改评论', people: '提到谁', cannotRead: '看不到这条记录', attach: '添加文件到评论', filter: '评论', removed: '评论已撤回',
  follow: '关注', following: '已关注', unfollow: '取消关注', followed: '已关注，负责人、阶段、金额有变化或有新评论时会通知你', unfollowed: '已取消关注', followers: '{n} 人关注',
}
