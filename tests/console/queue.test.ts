import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { browserTitle, whyWithoutBrowser } from '../browser/chromium.ts'
import { useConsole } from './console-page.ts'
import { problem, type Call } from './fake-desk.ts'

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
    await page.getByRole('button', { name: '急的', exact: true }).waitFor()
    await page.evaluate('localStorage.clear()')
    await page.reload()
    await page.locator('.ticket-row').nth(2).waitFor()
    await page.getByRole('button', { name: '视图' }).click()
    await page.getByRole('button', { name: '急的', exact: true }).click()
    await page.locator('.ticket-row').nth(1).waitFor({ state: 'detached' })
    expect(await page.getByLabel('优先级').inputValue()).toBe('P2')
  })

  it('removes a view, and says what to do when there are too many or none can be read', async () => {
    const filters = { tab: 'open', priority: 'P1', q: '' }
    const { page, desk } = await open('', (fake) => {
      fake.views = [{ name: '旧的', filters }]
      fake.answer('GET /views', problem(500, 'internal', 'broken'))
      fake.answer('POST /views', problem(409, 'conflict', '20 views'))
    })
    await page.getByRole('button', { name: '视图' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('没有读到数据').waitFor()
    desk.answer('GET /views', undefined)
    await dialog.getByRole('button', { name: '重试' }).click()
    await dialog.getByRole('button', { name: '旧的', exact: true }).waitFor()
    await dialog.getByPlaceholder('视图名称').fill('再来一个')
    await page.keyboard.press('Enter')
    await dialog.getByText('最多保存 20 个视图，请先删掉不用的。').waitFor()
    await dialog.getByRole('button', { name: '删除 旧的' }).click()
    await dialog.getByText('还没有保存的视图').waitFor()
    expect(desk.views).toEqual([])
  })

  it('gives leads the tickets of the present filters as a file, and agents none', async () => {
    const { page, desk } = await open('', (fake) => {
      fake.role = 'lead'
    })
    await page.getByLabel('优先级').selectOption('P2')
    await page.getByRole('button', { name: '导出' }).click()
    const file = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: '表格（CSV，可用 Excel 打开）' }).click()
    expect((await file).suggestedFilename()).toMatch(/^tickets-\d{4}-\d\d-\d\d\.csv$/u)
    expect(await readFile(await (await file).path(), 'utf8')).toContain('["status","open"],["priority","P2"]')
    desk.answer('GET /tickets.json', 'away')
    await page.getByRole('button', { name: '导出' }).click()
    await page.getByRole('menuitem', { name: '数据（JSON）' }).click()
    await page.getByRole('alert').getByText('连不上服务器').waitFor()
    const { page: agents } = await open()
    await agents.locator('.ticket-row').first().waitFor()
    expect(await agents.getByRole('button', { name: '导出' }).count()).toBe(0)
  })

  it('says of calls that nobody asked for that they are the page’s own', async () => {
    const { page, desk } = await open('', (fake) => {
      fake.hasEvents = false
    })
    await page.clock.install()
    await page.reload()
    await page.locator('.ticket-row').first().waitFor()
    const read = (): readonly Call[] => desk.calls.filter(({ path }) => path === '/tickets')
    const poll = async (): Promise<Call | undefined> => {
      const before = read().length
      await page.clock.runFor(16_000)
      await expect.poll(() => read().length).toBeGreaterThan(before)
      return read().at(-1)
    }
    expect(read().at(-1)?.isBackground).toBe(false)
    await poll()
    await poll()
    expect((await poll())?.isBackground).toBe(true)
    await page.keyboard.press('j')
    expect((await poll())?.isBackground).toBe(false)
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
