import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { browserTitle, whyWithoutBrowser } from '../browser/chromium.ts'
import { useConsole } from './console-page.ts'
import { HOSTILE } from './desk-data.ts'
import { problem } from './fake-desk.ts'

const box = (page: Page) => page.getByRole('textbox', { name: '回复商户' })

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('a case'), () => {
  const open = useConsole()

  it('shows the card first and what merchants write as mere text', async () => {
    const { page } = await open('#/tickets/t1')
    const card = page.locator('.case-card')
    await card.getByText('资金有风险：结果未明').waitFor()
    await card.getByText('看批结算总计').waitFor()
    const text = await card.innerText()
    for (const part of [
      '有些不满',
      '银联收不到发卡行应答',
      '终端号',
      '10203040',
      '2026年11月26日 14:10',
      '看批结算总计',
      '→ 提示超时 (原话 “显示交易超时”)',
      '→ 否 (原话 “找不到”)',
    ])
      expect(text).toContain(part)
    await page.getByText(HOSTILE).waitFor()
    expect(await page.locator('.transcript img').count()).toBe(0)
    expect(await page.title()).toBe('POS售后工作台')
  })

  it('shows who was faster when a claim is lost', async () => {
    const { page, desk } = await open('#/tickets/t1')
    desk.answer('POST /tickets/t1/claim', problem(409, 'conflict', '王建国 has it'))
    const claim = page.getByRole('button', { name: '接手', exact: true })
    await claim.waitFor()
    desk.change('t1', { status: 'claimed', assignee: 'a2', assigneeName: '王建国' })
    await claim.click()
    await page.getByRole('alert').getByText('慢了一步：王建国 已经接手了这张工单。').waitFor()
    await page.getByText('王建国 正在处理，只有接手人可以回复和解决。').waitFor()
    expect(await claim.count()).toBe(0)
  })

  it('shows what there was before, when it is asked for, to be read only', async () => {
    const { page, desk } = await open('#/tickets/t1')
    await page.getByRole('button', { name: '查看以前的来访' }).waitFor()
    expect(desk.sent('GET /conversations/c-t1/history')).toEqual([])
    await page.getByRole('button', { name: '查看以前的来访' }).click()
    const card = page.locator('.case-card')
    await card.getByText('打印问题 · 机器人已解决').waitFor()
    const text = await card.innerText()
    for (const part of [
      '解决办法：看批结算总计',
      '评分 4/5 挺快',
      '评分 5/5',
      '只是咨询，没有开单',
      '中途离开：卡片故障',
      '同一台机器的其他工单',
    ])
      expect(text).toContain(part)
    await page.getByRole('button', { name: '看对话' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('显示交易超时').waitFor()
    expect(await dialog.locator('textarea, input').count()).toBe(0)
    expect(await dialog.locator('img').count()).toBe(0)
    expect(desk.sent('GET /conversations/c-t6')).toHaveLength(1)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await card.getByRole('link', { name: '卡片故障 PD-1006' }).click()
    await page.getByText('这张工单已解决').waitFor()
    expect(page.url()).toContain('#/tickets/t6')
  })

  it('says so when the history cannot be read, and tries again', async () => {
    const { page, desk } = await open('#/tickets/t1', (fake) => {
      fake.answer('GET /conversations/c-t1/history', problem(403, 'forbidden', 'no'))
    })
    await page.getByRole('button', { name: '查看以前的来访' }).click()
    await page.getByText('您的角色没有这个权限').waitFor()
    desk.answer('GET /conversations/c-t1/history', undefined)
    await page.getByRole('button', { name: '重试' }).click()
    await page.getByText('打印问题 · 机器人已解决').waitFor()
  })

  it('gives the ticket as a file', async () => {
    const { page } = await open('#/tickets/t1')
    const file = page.waitForEvent('download')
    await page.getByRole('button', { name: '导出' }).click()
    expect((await file).suggestedFilename()).toBe('ticket-PD-1001.html')
  })

  it('does not send while Chinese is being composed', async () => {
    const { page, desk } = await open('#/tickets/t5')
    await box(page).fill('nihao')
    await box(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true })
    await box(page).dispatchEvent('keydown', { key: 'Enter', keyCode: 229 })
    await box(page).press('Shift+Enter')
    expect(await box(page).inputValue()).toBe('nihao\n')
    expect(desk.sent('POST /tickets/t5/reply')).toEqual([])
    await box(page).fill('您好')
    await box(page).press('Enter')
    await expect.poll(() => desk.sent('POST /tickets/t5/reply')).toHaveLength(1)
    expect(desk.sent('POST /tickets/t5/reply')[0]).toMatchObject({ text: '您好', epoch: 1 })
  })

  it('keeps what failed and sends it again under the same id', async () => {
    const { page, desk } = await open('#/tickets/t5')
    desk.answer('POST /tickets/t5/reply', 'away')
    await box(page).fill('请稍等')
    await box(page).press('Enter')
    await page.getByText('没有发出去').waitFor()
    // Whatever has changed hands since, a repeat is still what was written before.
    desk.change('t5', { epoch: 7 })
    await page.reload()
    desk.answer('POST /tickets/t5/reply', undefined)
    await page.getByRole('button', { name: '重发' }).click()
    await page.getByText('没有发出去').waitFor({ state: 'detached' })
    const [first, second] = desk.sent('POST /tickets/t5/reply')
    expect(second).toEqual(first)
  })

  it('fills canned replies from the card', async () => {
    const { page } = await open('#/tickets/t5')
    await box(page).pressSequentially('/核对')
    await page.getByRole('option', { name: '核对终端号' }).waitFor()
    await box(page).press('Enter')
    await expect.poll(() => box(page).inputValue()).toBe('请核对终端号 10203040，以及参考号 【参考号】。')
    await box(page).fill('')
    await box(page).pressSequentially('/')
    await page.getByRole('option', { name: '请稍等' }).waitFor()
    await page.getByRole('option', { name: '工单 PD-1005 由我处理' }).waitFor()
    await box(page).press('ArrowDown')
    await box(page).press('ArrowUp')
    await box(page).press('Enter')
    await expect.poll(() => box(page).inputValue()).toBe('您好，我是客服，工单 PD-1005 由我处理。')
  })

  it('goes from queue to resolved by keyboard alone', async () => {
    const { page, desk } = await open()
    await page.locator('.ticket-row').nth(2).waitFor()
    const keys = page.keyboard
    await keys.press('?')
    await page.getByText('键盘快捷键').waitFor()
    await keys.press('Escape')
    await page.getByText('键盘快捷键').waitFor({ state: 'detached' })
    await keys.press('j')
    await keys.press('j')
    await keys.press('k')
    await keys.press('Enter')
    await page.getByText('交接卡').waitFor()
    expect(page.url()).toContain('#/tickets/t1')
    await keys.press('c')
    await box(page).waitFor()
    await keys.press('n')
    await keys.type('已核查')
    await keys.press('Enter')
    await expect
      .poll(() => desk.sent('POST /tickets/t1/notes'))
      .toEqual([{ clientMsgId: expect.any(String), text: '已核查' }])
    await keys.press('Escape')
    await keys.press('r')
    await keys.type('查到了')
    await keys.press('Enter')
    await expect.poll(() => desk.sent('POST /tickets/t1/reply')).toHaveLength(1)
    await keys.press('Escape')
    await keys.press('e')
    await page.getByRole('dialog').getByLabel('看批结算总计').waitFor()
    await page.getByRole('dialog').getByLabel('看批结算总计').focus()
    await keys.press('Space')
    await page.getByRole('button', { name: '确认解决' }).focus()
    await keys.press('Enter')
    await expect.poll(() => desk.sent('POST /tickets/t1/resolve')).toEqual([{ fix: 'CN3' }])
    await page.getByText('这张工单已解决').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await keys.press('Escape')
    await expect.poll(() => page.url()).not.toContain('t1')
  })
})
