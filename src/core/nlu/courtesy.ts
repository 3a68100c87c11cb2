/**
 * Words people put before and after what they want, in normal form. They say nothing about it, and a message that
 * begins with one is no greeting.
 */
const OPENERS =
  /^(?:(?:你好|您好|哈喽|哈啰|哈罗|嗨|hello|hi|hey|喂|在吗|在不在|在么|在不|有人吗|有人在吗|早上好|上午好|中午好|下午好|晚上好|早安|请问一下|请问下|请问|想问一下|想问下|我想问一下|我想问下|问一下|问下|麻烦问一下|麻烦问下|打扰一下|打扰了|不好意思|那个|就是说|嗯|呃|额|哎呀|哎|唉)(?:啊|呀|哈|哦|吖|呢|吧)?[\s,，。.!！?？~、:：]*|(?:早|亲|亲爱的|师傅|老师|客服|小哥哥|小姐姐|美女|帅哥|老板)(?:啊|呀|哈|哦|吖|呢)?[\s,，。.!！?？~、:：]+)/u
const CLOSERS =
  /[\s,，。.!！?？~、]*(?:谢谢你|谢谢您|谢谢了|谢谢啦|谢谢|多谢|谢了|麻烦了|麻烦您了|拜托了|拜托|急急急?|在线等|求助)[\s,，。.!！?？~]*$/u
/** Fewer letters than this are no message of their own. */
const LEAST_LEFT = 2
const LETTER = /[\p{L}\p{N}]/gu

/** Takes courtesies off a message in normal form, as long as a message is left. Pure. */
export function withoutCourtesy(text: string): string {
  let rest = text
  for (;;) {
    const next = rest.replace(OPENERS, '')
    if (next === rest || lettersIn(next) < LEAST_LEFT) break
    rest = next
  }
  const shorter = rest.replace(CLOSERS, '')
  return lettersIn(shorter) < LEAST_LEFT ? rest : shorter
}

function lettersIn(text: string): number {
  return text.match(LETTER)?.length ?? 0
}
