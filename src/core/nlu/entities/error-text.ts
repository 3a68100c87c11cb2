import { type Candidate, RANK, type Scan } from './candidate.ts'

/**
 * Finds what the screen says, where it is a text the lexicon knows. A text that stands for a response code gives
 * that code as well, at the same place; `implied` holds those. Pure.
 */
export function findErrorTexts({ text, words }: Scan): { found: Candidate[]; implied: Candidate[] } {
  const found: Candidate[] = []
  const implied: Candidate[] = []
  for (const { value: screen, start, end } of words.screenTexts.find(text)) {
    found.push({ kind: 'error_text', value: screen.text, start, end, rank: RANK.screen })
    if (screen.code !== undefined) {
      implied.push({ kind: 'response_code', value: screen.code, start, end, rank: RANK.screen })
    }
  }
  return { found, implied }
}

const QUOTED =
  /(?:提示|显示|写着|报错?|弹出|跳出|出现|屏幕上?|上面)(?:的?是|说|:|了|个|一个|一句|,|，|\s)*["“「『'‘【]?([^，。,;；!！?？"”」』'’】\n]{2,60})/
const NOT_A_TEXT =
  /^(?:不|没|忘|看不|啥|什么|哪|怎么|的|一下|出来|代码|错误码|灯|屏)|(?:吗|呢|么|不知道|不清楚)$/

/** Reads the screen's words from an answer to the question for them, where no known text was found. Pure. */
export function findAnsweredText({ text, asked }: Scan, covered: Uint8Array): Candidate[] {
  const quoted = QUOTED.exec(text)
  const written = quoted?.[1]?.trim() ?? (asked.size === 1 ? text.trim() : '')
  const start = text.indexOf(written)
  const end = start + written.length
  if (written.length < 2 || written.length > 100 || NOT_A_TEXT.test(written)) return []
  if (covered.subarray(start, end).includes(1)) return []
  return [{ kind: 'error_text', value: written, start, end, rank: RANK.answer, asWritten: true }]
}
