import { describe, expect, it } from 'vitest'
import { browserTitle, whyWithoutBrowser } from '../browser/chromium.ts'
import { useConsole } from './console-page.ts'
import { problem } from './fake-desk.ts'

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the queue'), () => {
  const open = useConsole()

  it('shows what is urgent, late and whose, and filters', async () => {
    const { page } = await open()
    const rows = page.locator('.ticket-row')
    await rows.nth(2).waitFor()
    expect(await rows.count()).toBe(3)
    expect(await rows.first().innerText()).toMatch(
      /P1[\s\S]*扣款未出票[\s\S]*PD-1001[\s\S]*资金有风险[\s\S]*已超时/,
    )
    await page.getByRole('button', { name: '处理中' }).click()
    await page.getByText('王建国').waitFor()
    await page.getByRole('button', { name: '全部' }).click()
    await page.getByLabel('搜索单号或问题').fill('PD-1003')
    await rows.nth(1).waitFor({ state: 'detached' })
    expect(await rows.first().innerText()).toContain('卡片故障')
  })

  it('saves the filters as a view', async () => {
    const { page } = await open()
    await page.getByLabel('优先级').selectOption('P2')
    await page.getByRole('button', { name: '视图' }).click()
    await page.getByPlaceholder('视图名称').fill('急的')
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await page.reload()
    await page.locator('.ticket-row').nth(2).waitFor()
    await page.getByRole('button', { name: '视图' }).click()
    await page.getByRole('button', { name: '急的', exact: true }).click()
    await page.locator('.ticket-row').nth(1).waitFor({ state: 'detached' })
    expect(await page.getByLabel('优先级').inputValue()).toBe('P2')
  })

  it('says so when it is empty or cannot be read, and tries again', async () => {
    const { page, desk } = await open('', (fake) => {
      fake.tickets = []
      fake.answer('GET /tickets', problem(500, 'internal', 'broken'))
    })
    await page.getByText('没有读到数据').waitFor()
    desk.answer('GET /tickets', undefined)
    await page.getByRole('button', { name: '重试' }).click()
    await page.getByText('没有等待接手的工单').waitFor()
  })

  it('says when the stream is lost', async () => {
    const { page } = await open('', (fake) => {
      fake.hasEvents = false
    })
    await page.getByText('连接已断开，正在重连').waitFor()
  })

  it('fits a phone: queue, then case, and back', async () => {
    const { page } = await open('', undefined, { viewport: { width: 390, height: 844 } })
    await page.getByText('扣款未出票').click()
    await page.getByText('交接卡').waitFor()
    expect(await page.locator('.queue').isVisible()).toBe(false)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await page.getByRole('button', { name: '返回队列' }).click()
    await page.locator('.ticket-row').first().waitFor()
  })
})
