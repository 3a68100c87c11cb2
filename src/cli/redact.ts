import { parseArgs } from 'node:util'

import { mask } from '../core/privacy/mask.ts'

const USAGE = `redact < 输入 > 输出
逐行隐藏卡号、密码、验证码、证件号等敏感信息，手机号写成 138****1234。每行单独处理，换行符不变。`

/** Masks stdin line by line to stdout, as at the door, mobiles as in logs. Resolves to the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  // Bytes that are no UTF-8 become U+FFFD; a character cut between two chunks is put together again.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let rest = ''
  for await (const chunk of process.stdin) {
    rest += decoder.decode(chunk, { stream: true })
    const end = rest.lastIndexOf('\n') + 1
    await write(maskLines(rest.slice(0, end)))
    rest = rest.slice(end)
  }
  await write(maskLines(rest + decoder.decode()))
  return 0
}

function maskLines(text: string): string {
  return text
    .split(/(\r?\n)/u)
    .map((part, index) => (index % 2 === 1 ? part : mask(part, { phones: 'mask' }).text))
    .join('')
}

function write(text: string): Promise<void> {
  if (text === '') return Promise.resolve()
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}
