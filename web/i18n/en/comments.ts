import type { zh } from '../zh/index.ts'

export const comments: Record<keyof typeof zh.comments, string> = {
  placeholder: 'Write a comment; type @ to mention somebody', label: 'Comment', send: 'Post', original: 'What it said', withdraw: 'Withdraw', withdrawn: 'Comment withdrawn', withdrawAsk: 'Withdraw this comment?', withdrawHelp: 'Colleagues no longer see its words; the history keeps them.', edit: 'Edit', editing: 'Edit the comment', people: 'Who is mentioned', cannotRead: 'cannot see this record', attach: 'Add files to the comment', filter: 'Comments', removed: 'Comment withdrawn',
  follow: 'Follow', following: 'Following', unfollow: 'Stop following', followed: 'Following: you are told when its owner, stage or amount changes and of new comments', unfollowed: 'No longer following', followers: '{n} follow it',
}
