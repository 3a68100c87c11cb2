/** Kinds of messages nobody here can read, and what they are called. */
export const UNREADABLE = {
  voice: '语音',
  picture: '图片',
  video: '视频',
  location: '位置',
  link: '链接',
  file: '文件',
  other: '这类消息',
} as const
export type Unreadable = keyof typeof UNREADABLE

/** How such a message stands in the transcript. Pure. */
export function unreadableLine(what: Unreadable): string {
  return what === 'other' ? '[无法显示的消息]' : `[${UNREADABLE[what]}]`
}
