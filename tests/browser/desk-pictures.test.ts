import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { PICTURES, sample } from '../fixtures/pictures.ts'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { useWholeStory } from './whole-story.ts'

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('pictures between shop and desk'), () => {
  const story = useWholeStory()

  const isShown = (page: Page, selector: string): Promise<boolean> =>
    page
      .locator(selector)
      .first()
      .evaluate((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0)

  it('are seen on the card, answered with another, and taken away when they show a card', async () => {
    const shop = await story.open('/chat')
    await shop
      .locator('.files input')
      .setInputFiles([join(PICTURES, 'camera.jpg'), join(PICTURES, 'plain.png')])
    await expect.poll(() => shop.locator('.chosen li:not(.busy)').count(), { timeout: 20_000 }).toBe(2)
    await shop.getByRole('textbox').fill('人工')
    await shop.keyboard.press('Enter')
    await shop.locator('.notice', { hasText: '您排在第1位' }).waitFor()

    const desk = await story.logIn()
    await desk.locator('.ticket-row').first().click()
    await desk.locator('.case-card').getByText('商户发来的图片').waitFor()
    await expect.poll(() => isShown(desk, '.case-card .picture img'), { timeout: 20_000 }).toBe(true)
    await desk.getByRole('button', { name: '接手', exact: true }).click()
    const box = desk.getByRole('textbox', { name: '回复商户' })
    await box.waitFor()
    await story.shot(desk, 'desk-card')

    // An answer with a chosen picture and a pasted one.
    await desk.locator('.composer input[type=file]').setInputFiles(join(PICTURES, 'plain.webp'))
    await box.evaluate(
      (input, bytes) => {
        const data = new DataTransfer()
        data.items.add(new File([new Uint8Array(bytes)], 'x.png', { type: 'image/png' }))
        input.dispatchEvent(
          new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }),
        )
      },
      [...sample('transparent.png')],
    )
    const chosen = desk.locator('.chosen-picture:not([aria-busy="true"]) img')
    await expect.poll(() => chosen.count(), { timeout: 20_000 }).toBe(2)
    await story.shot(desk, 'desk-chosen')
    await desk.getByRole('button', { name: '去掉图片 2' }).click()
    await box.press('Enter')
    await shop.locator('.agent .picture[data-state="shown"]').waitFor()
    expect(await shop.locator('.agent .picture').count()).toBe(1)
    await story.shot(shop, 'shop-answer')

    // One that shows a card.
    await desk.locator('.transcript').getByRole('button', { name: '放大商户发的图片 1' }).click()
    const dialog = desk.getByRole('dialog', { name: '图片' })
    await dialog.getByRole('button', { name: '看原图大小' }).click()
    await dialog.getByRole('button', { name: '有卡号或证件，删除图片' }).click()
    await dialog.getByText('删除后无法恢复').waitFor()
    await story.shot(desk, 'desk-remove')
    await dialog.getByRole('button', { name: '确认删除' }).click()
    await dialog.waitFor({ state: 'detached' })
    await desk.locator('.transcript').getByText('图片已删除').waitFor()
    await shop.getByText('请遮住后再拍一张发来').waitFor()
    await shop.reload()
    await shop.locator('.merchant').getByText('图片已删除').waitFor()
    await story.shot(shop, 'shop-removed')
  })

  it('keep what was chosen over a reload, and say why one was refused', async () => {
    const desk = await story.logIn(undefined, { colorScheme: 'dark' })
    await desk.getByText('我的', { exact: true }).click()
    await desk.locator('.ticket-row').first().click()
    const input = desk.locator('.composer input[type=file]')
    await input.setInputFiles(join(PICTURES, 'plain.png'))
    const chosen = desk.locator('.chosen-picture:not([aria-busy="true"]) img')
    await expect.poll(() => chosen.count(), { timeout: 20_000 }).toBe(1)
    await desk.reload()
    await expect.poll(() => isShown(desk, '.chosen-picture img'), { timeout: 20_000 }).toBe(true)
    await input.setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') })
    await desk.getByRole('alert').getByText('只能发 JPG、PNG 或 WebP 图片').waitFor()
    await story.shot(desk, 'desk-refused-dark')
    await desk.getByRole('button', { name: '去掉图片 1' }).click()
    await expect.poll(() => chosen.count(), { timeout: 20_000 }).toBe(0)
  })
})
