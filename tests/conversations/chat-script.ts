/** A turn of a `.chat` file: what the merchant says, what the bot must answer, and what must hold afterwards. */
export type ScriptTurn = {
  readonly line: number
  readonly merchant: string
  /** A button's label instead of words: `merchant> [别的卡能读]`. */
  readonly isButton: boolean
  /** A picture comes with the words, which may be none: `merchant> <图片> 屏幕是这样的`. */
  readonly hasPicture: boolean
  readonly bot: readonly string[]
  readonly checks: readonly { readonly line: number; readonly text: string }[]
}

const PICTURE = '<图片>'
const SPEAKER = /^(merchant|bot)>\s?(.*)$/u
const CHECK = /\[([^\]]+)\]/gu

/**
 * Reads a conversation test: `merchant>` and `bot>` lines, checks in square brackets below them, `#` comments.
 * Throws with the line number on anything else.
 */
export function parseChatScript(source: string): readonly ScriptTurn[] {
  const turns: {
    line: number
    merchant: string
    isButton: boolean
    hasPicture: boolean
    bot: string[]
    checks: { line: number; text: string }[]
  }[] = []
  source.split('\n').forEach((raw, index) => {
    const line = index + 1
    if (raw.trim() === '' || raw.startsWith('#')) return
    const [, speaker, text = ''] = SPEAKER.exec(raw) ?? []
    const turn = turns.at(-1)
    if (speaker === 'merchant') {
      const button = /^\[(.+)\]$/u.exec(text.trim())?.[1]
      const hasPicture = text.trim().startsWith(PICTURE)
      turns.push({
        line,
        merchant:
          button ??
          text
            .trim()
            .slice(hasPicture ? PICTURE.length : 0)
            .trim(),
        isButton: button !== undefined,
        hasPicture,
        bot: [],
        checks: [],
      })
    } else if (turn === undefined) {
      throw new Error(`line ${line}: a conversation begins with "merchant>"`)
    } else if (speaker === 'bot') {
      turn.bot.push(text.trim())
    } else {
      const checks = [...raw.matchAll(CHECK)].map((match) => match[1] ?? '')
      if (checks.length === 0) throw new Error(`line ${line}: "${raw.trim()}" is neither said nor checked`)
      turn.checks.push(...checks.map((text) => ({ line, text })))
    }
  })
  return turns
}
