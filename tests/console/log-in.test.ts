import { describe, expect, it } from 'vitest'
import { browserTitle, whyWithoutBrowser } from '../browser/chromium.ts'
import { useConsole } from './console-page.ts'
import { problem } from './fake-desk.ts'

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the log-in'), () => {
  const open = useConsole()

  it('says what is wrong: password, too many tries, no server; then lets in', async () => {
    const { page, desk } = await open('', (fake) => {
      fake.isLoggedIn = false
    })
    await page.getByLabel('邮箱').fill('lin@example.cn')
    await page.getByLabel('密码', { exact: true }).fill('not this one')
    const submit = page.getByRole('button', { name: '登录', exact: true })
    const alert = page.getByRole('alert')

    desk.answer('POST /login', problem(401, 'unauthorized', 'wrong'))
    await submit.click()
    await alert.getByText('邮箱或密码不对').waitFor()

    desk.answer('POST /login', { ...problem(429, 'too_many', 'wait'), headers: { 'Retry-After': '120' } })
    await submit.click()
    await alert.getByText('2 分钟 后再试').waitFor()

    desk.answer('POST /login', 'away')
    await submit.click()
    await alert.getByText('连不上服务器').waitFor()

    desk.answer('POST /login', undefined)
    await submit.click()
    await page.getByText('扣款未出票').waitFor()
  })

  it('comes back when the session ends, and keeps the draft', async () => {
    const { page, desk } = await open('#/tickets/t5')
    await page.getByRole('textbox', { name: '回复商户' }).fill('正在查')
    desk.answer('POST /tickets/t5/reply', problem(401, 'unauthorized', 'log in first'))
    await page.getByRole('textbox', { name: '回复商户' }).press('Enter')
    await page.getByText('登录已过期').waitFor()
    desk.answer('POST /tickets/t5/reply', undefined)
    await page.getByLabel('邮箱').fill('lin@example.cn')
    await page.getByLabel('密码', { exact: true }).fill('the right one')
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByText('没有发出去').waitFor()
    await page.getByRole('button', { name: '重发' }).click()
    await page.getByText('没有发出去').waitFor({ state: 'detached' })
    const sent = desk.sent('POST /tickets/t5/reply')
    expect(sent).toHaveLength(2)
    expect(sent[0]).toEqual(sent[1])
  })

  it('speaks English when asked, and remembers it', async () => {
    const { page } = await open('', (fake) => {
      fake.isLoggedIn = false
    })
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Log in to the desk' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Log in to the desk' }).waitFor()
  })
})
