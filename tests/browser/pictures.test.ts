import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { receiveMessage } from '../../src/app/receive-message.ts'
import { systemClock, createIds } from '../../src/app/ids.ts'
import { shippedContent } from '../fixtures/content.ts'
import { PICTURES, sample } from '../fixtures/pictures.ts'
import { startServer } from '../fixtures/running-server.ts'
import { browserTitle, whyWithoutBrowser } from './chromium.ts'
import { openPanel, PanelPage, PHONE, POLL, useStage } from './panel-page.ts'
import type { Limits } from '../../src/http/limits.ts'
import type { RunningServer } from '../fixtures/running-server.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe.skipIf(whyWithoutBrowser() !== undefined)(browserTitle('pictures in the panel'), () => {
  const stage = useStage()
  const running: RunningServer[] = []
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close(0)
  })

  async function start(limits: Partial<Limits> = {}): Promise<RunningServer> {
    const server = await startServer({
      assetsDir: stage.assets,
      limits: { uploadsPerMinute: 1_000, ...limits },
      receive: (store) =>
        receiveMessage({ store, content: shippedContent, clock: systemClock, ids: createIds() }),
    })
    running.push(server)
    await server.ready
    return server
  }

  const choose = async (panel: PanelPage, ...names: string[]): Promise<void> => {
    await panel.button('发图片').click()
    const [chooser] = await Promise.all([
      panel.page.waitForEvent('filechooser'),
      panel.button('选图片').click(),
    ])
    await chooser.setFiles(names.map((name) => join(PICTURES, name)))
  }
  const shownPictures = (panel: PanelPage) => panel.log.locator('.merchant .picture[data-state="shown"] img')
  const sizes = (panel: PanelPage): Promise<string[]> =>
    shownPictures(panel).evaluateAll((images) =>
      images.map((image) =>
        image instanceof HTMLImageElement ? `${image.naturalWidth}×${image.naturalHeight}` : '',
      ),
    )

  it('are chosen after a word about cards, looked at, sent, and there again after a reload', async () => {
    const server = await start()
    const panel = await openPanel(stage, { origin: server.url }, await stage.openContext())
    await panel.button('发图片').click()
    await panel.page.locator('.tray-hint', { hasText: '拍照前请遮住卡号、密码和证件' }).waitFor()
    await expect.poll(() => panel.status.textContent(), POLL).toBe('拍照前请遮住卡号、密码和证件')
    await panel.page.keyboard.press('Escape')
    await panel.button('选图片').waitFor({ state: 'hidden' })
    await choose(panel, 'camera.jpg', 'plain.png')
    await expect.poll(() => panel.page.locator('.chosen img').count(), POLL).toBe(2)
    await panel.button('去掉图片2').click()
    await panel.input.fill('屏幕是这样的')
    await panel.button('发送').click()
    await expect.poll(() => sizes(panel), POLL).toEqual(['32×48'])
    await panel.page.reload()
    await expect.poll(() => sizes(panel), POLL).toEqual(['32×48'])
    const alt = await shownPictures(panel).getAttribute('alt')
    expect(alt).toBe('我发的图片')
    expect(await panel.lines()).toContainEqual('merchant 屏幕是这样的')
    expect(server.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each(['camera.jpg', 'camera.png'])(
    'stand upright as the camera was held, though nothing else of it is left: %s',
    async (name) => {
      const server = await start()
      const panel = await openPanel(stage, { origin: server.url }, await stage.openContext())
      await choose(panel, name)
      await panel.button('发送').click()
      await shownPictures(panel).waitFor()
      await panel.page.reload()
      await shownPictures(panel).waitFor()
      // The sample's white corner is at the top left; held on its side it comes to stand at the top right.
      const corners = await shownPictures(panel).evaluate((image) => {
        const canvas = document.createElement('canvas')
        const context = canvas.getContext('2d')
        if (!(image instanceof HTMLImageElement) || context === null) return []
        canvas.width = image.naturalWidth
        canvas.height = image.naturalHeight
        context.drawImage(image, 0, 0)
        const at = (x: number, y: number): boolean => {
          const [red = 0, green = 0] = context.getImageData(x, y, 1, 1).data
          return red > 200 && green > 200
        }
        return [canvas.width, canvas.height, at(3, 3), at(28, 3), at(3, 44), at(28, 44)]
      })
      expect(corners).toEqual([32, 48, false, true, false, false])
    },
  )

  it('open large on a click, full size on another, and Escape gives the focus back', async () => {
    const server = await start()
    const page = await stage.openPage(await stage.openContext())
    await page.goto(server.url)
    await page.getByRole('button', { name: '打开POS售后聊天' }).click()
    const panel = new PanelPage(page, page.frameLocator('iframe'))
    await choose(panel, 'plain.png')
    await panel.button('发送').click()
    const tile = panel.log.getByRole('button', { name: '放大我发的图片' })
    await tile.press('Enter')
    const dialog = page.frameLocator('iframe').getByRole('dialog', { name: '我发的图片' })
    await dialog.getByRole('button', { name: '看原图大小' }).click()
    await dialog.getByRole('button', { name: '看整张图片' }).waitFor()
    for (const name of ['关闭图片', '看整张图片', '关闭图片']) {
      await page.keyboard.press('Tab')
      await expect.poll(() => dialog.locator(':focus').getAttribute('aria-label'), POLL).toBe(name)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await panel.input.waitFor()
    await expect.poll(() => tile.evaluate((node) => node === document.activeElement), POLL).toBe(true)
  })

  it('are pasted and dropped, words pasted with a picture stay words', async () => {
    const server = await start()
    const panel = await openPanel(stage, { origin: server.url }, await stage.openContext())
    const bytes = [...sample('plain.png')]
    const give = (kind: 'paste' | 'drop', text: string) =>
      panel.input.evaluate(
        (input, { bytes, kind, text }) => {
          const data = new DataTransfer()
          data.items.add(new File([new Uint8Array(bytes)], 'x.png', { type: 'image/png' }))
          if (text !== '') data.setData('text/plain', text)
          const init = { bubbles: true, cancelable: true }
          input.dispatchEvent(
            kind === 'paste'
              ? new ClipboardEvent('paste', { ...init, clipboardData: data })
              : new DragEvent('drop', { ...init, dataTransfer: data }),
          )
        },
        { bytes, kind, text },
      )
    await give('paste', '带字的')
    expect(await panel.page.locator('.chosen img').count()).toBe(0)
    await give('paste', '')
    await give('drop', '')
    await expect.poll(() => panel.page.locator('.chosen li:not(.busy)').count(), POLL).toBe(2)
    await panel.button('发送').click()
    await expect.poll(() => sizes(panel), POLL).toEqual(['48×32', '48×32'])
  })

  it('too large for the server are made smaller here, others of foreign kinds are turned into one it takes', async () => {
    const server = await start()
    const panel = await openPanel(stage, { origin: server.url }, await stage.openContext())
    const large = await panel.page.evaluate(async () => {
      const canvas = document.createElement('canvas')
      canvas.width = 6_000
      canvas.height = 4_000
      const context = canvas.getContext('2d')
      context?.fillRect(0, 0, 3_000, 4_000)
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
      return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))]
    })
    const files = [
      { name: 'large.png', mimeType: 'image/png', buffer: Buffer.from(large) },
      { name: 'moving.gif', mimeType: 'image/gif', buffer: sample('moving.gif') },
    ]
    await panel.page.locator('.files input').setInputFiles(files)
    await expect.poll(() => panel.page.locator('.chosen li:not(.busy)').count(), POLL).toBe(2)
    await panel.button('发送').click()
    await expect.poll(() => sizes(panel), POLL).toEqual(['2560×1707', '48×32'])
    const { rows } = await server.store.listTickets({ limit: 1 })
    expect(rows).toEqual([])
  })

  it('that are none are refused before anything is sent, and no more than four go at once', async () => {
    const server = await start()
    const panel = await openPanel(stage, { origin: server.url }, await stage.openContext())
    const input = panel.page.locator('.files input')
    await input.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') })
    await panel.page.locator('.tray-problem', { hasText: '这个文件打不开' }).waitFor()
    await input.setInputFiles(Array.from({ length: 5 }, () => join(PICTURES, 'plain.png')))
    await panel.page.locator('.tray-problem', { hasText: '一次最多发4张图片' }).waitFor()
    expect(await panel.page.locator('.chosen li').count()).toBe(4)
    expect(await panel.button('发图片').isDisabled()).toBe(true)
  })

  it('sent without a network wait over a reload and go when it is back', async () => {
    const server = await start()
    const context = await stage.openContext()
    const panel = await openPanel(stage, { origin: server.url }, context)
    await panel.say('你好')
    await panel.log.locator('.bot').nth(1).waitFor()
    await panel.page.route('**/widget/v1/attachments', (route) => route.abort('connectionrefused'))
    await choose(panel, 'plain.png')
    await panel.button('发送').click()
    await panel.log.getByText('未送达，会自动重发').waitFor()
    await panel.page.reload()
    await shownPictures(panel).waitFor()
    await panel.log.getByText('未送达，会自动重发').waitFor()
    await panel.page.unroute('**/widget/v1/attachments')
    await panel.log.locator('.merchant[data-seq] .picture').waitFor()
    await panel.log.getByText('我看不懂图片').waitFor()
    expect(await panel.log.locator('.merchant .picture').count()).toBe(1)
  })

  it('on their way show how far they are and can be taken back', async () => {
    const server = await start()
    const panel = await openPanel(stage, { origin: server.url }, await stage.openContext())
    let release = (): void => {}
    await panel.page.route('**/widget/v1/attachments', async (route) => {
      await new Promise<void>((resolve) => (release = resolve))
      await route.abort('aborted').catch(() => undefined)
    })
    await choose(panel, 'plain.png')
    await panel.button('发送').click()
    await panel.log.getByText(/正在上传 \d+%/).waitFor()
    await panel.log.getByRole('button', { name: '取消' }).click()
    await expect.poll(() => panel.log.locator('.merchant').count(), POLL).toBe(0)
    release()
    await panel.page.unroute('**/widget/v1/attachments')
    await panel.say('不发图了')
    await panel.log.locator('.merchant[data-seq]').waitFor()
  })

  it('refused by the server say why', async () => {
    const server = await start({ uploadBytes: 50 })
    const panel = await openPanel(stage, { origin: server.url }, await stage.openContext())
    await choose(panel, 'plain.png')
    await panel.button('发送').click()
    await panel.log.getByText('发送失败：图片太大，请换一张小的').waitFor()
    await panel.button('删除').click()
    await expect.poll(() => panel.log.locator('.merchant').count(), POLL).toBe(0)
  })

  it('offer the camera to a finger', async () => {
    const server = await start()
    const panel = await openPanel(stage, { origin: server.url }, await stage.openContext(PHONE))
    await panel.button('发图片').tap()
    const [chooser] = await Promise.all([panel.page.waitForEvent('filechooser'), panel.button('拍照').tap()])
    expect(await chooser.element().getAttribute('capture')).toBe('environment')
    await chooser.setFiles(join(PICTURES, 'camera.jpg'))
    await expect.poll(() => panel.page.locator('.chosen li:not(.busy)').count(), POLL).toBe(1)
  })
})
