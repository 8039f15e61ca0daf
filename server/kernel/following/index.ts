export { follow, followingOf, readersOf, type Following, type Subject } from './follow.ts'
export { tellNews, type News, type Tell } from './news.ts'
