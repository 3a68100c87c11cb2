import { describe, expect, it } from 'vitest'
import { browserTitle, whyWithoutBrowser } from '../browser/chromium.ts'
import { useConsole } from './console-page.ts'

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('the other pages'), () => {
  const open = useConsole()

  it('show figures to everybody, staff and audit to those who may', async () => {
    const { page } = await open('#/stats')
    await page.getByText('3.5 分钟').waitFor()
    await page.getByText('4.6 / 5').waitFor()
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['工单', '数据'])
    await page.goto(page.url().replace('stats', 'audit'))
    await page.getByText('只有组长和管理员可以查看').waitFor()
  })

  it('show a new password once', async () => {
    const { page, desk } = await open('#/staff', (fake) => {
      fake.role = 'admin'
    })
    await page.getByText('wang@example.cn').waitFor()
    await page.getByRole('button', { name: '添加人员' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('姓名').fill('新同事')
    await dialog.getByLabel('邮箱').fill('new@example.cn')
    await dialog.getByRole('button', { name: '添加人员' }).click()
    await page.getByText('generated-once-9').waitFor()
    expect(desk.sent('POST /agents')).toEqual([{ name: '新同事', email: 'new@example.cn', role: 'agent' }])
    await page.getByRole('button', { name: '我已复制' }).click()
    await page.getByText('generated-once-9').waitFor({ state: 'detached' })
  })
})
