import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSharedStream } from '../../src/widget/panel/shared-stream.ts'
import { FakeBrowser } from './fake-neighbours.ts'
import type { Neighbours } from '../../src/widget/panel/shared-stream.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 26) }))
afterEach(() => void vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(0)

function join(neighbours: Neighbours | undefined, token = 'token-of-this-browser') {
  const heard: unknown[] = []
  let works = 0
  const place = createSharedStream(neighbours, () => Date.now()).join(token, {
    onNews: (news) => heard.push(news),
    beat: () => 'beat',
  })
  void place.lead(async (signal) => {
    works += 1
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    works -= 1
  })
  return { place, heard, works: () => works }
}

/** Two tabs, the leading one frozen. */
async function freezeLeader() {
  const browser = new FakeBrowser()
  const frozen = browser.openTab()
  const first = join(frozen.neighbours)
  const second = join(browser.openTab().neighbours)
  await settle()
  frozen.freeze()
  return { first, second }
}

describe('the tabs that share a stream', () => {
  it('have one that leads, and hear what it tells', async () => {
    const browser = new FakeBrowser()
    const [first, second, third] = [1, 2, 3].map(() => join(browser.openTab().neighbours))
    await settle()
    expect([first?.works(), second?.works(), third?.works()]).toEqual([1, 0, 0])
    first?.place.tell('news')
    second?.place.tell('of one that does not lead')
    await settle()
    const news = [first, second, third].map((tab) => tab?.heard.filter((message) => message !== 'beat'))
    expect(news).toEqual([[], ['news'], ['news']])
  })

  it('say at once where they stand when a tab is opened', async () => {
    const browser = new FakeBrowser()
    join(browser.openTab().neighbours)
    await settle()
    const late = join(browser.openTab().neighbours)
    await settle()
    expect(late.heard).toEqual(['beat'])
  })

  it('pass the lead on when the leader leaves', async () => {
    const browser = new FakeBrowser()
    const first = join(browser.openTab().neighbours)
    const second = join(browser.openTab().neighbours)
    await settle()
    first.place.leave()
    await settle()
    expect([first.works(), second.works()]).toEqual([0, 1])
  })

  it('leave a leader alone that is heard', async () => {
    const browser = new FakeBrowser()
    const first = join(browser.openTab().neighbours)
    const second = join(browser.openTab().neighbours)
    await vi.advanceTimersByTimeAsync(300_000)
    second.place.hurry()
    await settle()
    expect([first.works(), second.works()]).toEqual([1, 0])
  })

  it('rob a leader unheard for 40 s, which becomes a follower', async () => {
    const { first, second } = await freezeLeader()
    await vi.advanceTimersByTimeAsync(39_999)
    expect([first.works(), second.works()]).toEqual([1, 0])
    await vi.advanceTimersByTimeAsync(1)
    expect([first.works(), second.works()]).toEqual([0, 1])
    second.place.tell('news')
    await settle()
    expect(first.heard).toEqual(['beat', 'news'])
    second.place.leave()
    await settle()
    expect(first.works()).toBe(1)
  })

  it('rob it sooner when a tab is looked at and has missed two beats', async () => {
    const { first, second } = await freezeLeader()
    await vi.advanceTimersByTimeAsync(25_000)
    second.place.hurry()
    await settle()
    expect(second.works()).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    second.place.hurry()
    await settle()
    expect([first.works(), second.works()]).toEqual([0, 1])
  })

  it('do not mix two sessions', async () => {
    const browser = new FakeBrowser()
    const first = join(browser.openTab().neighbours, 'token-one-of-them')
    const second = join(browser.openTab().neighbours, 'token-two-of-them')
    await settle()
    first.place.tell('news')
    await settle()
    expect([first.works(), second.works(), second.heard]).toEqual([1, 1, []])
  })

  it('keep a stream each where the browser has no locks, or has them and refuses them', async () => {
    const alone = join(undefined)
    const { neighbours } = new FakeBrowser().openTab()
    const refused = join({
      ...neighbours,
      lock: () => Promise.reject(new DOMException('opaque origin', 'SecurityError')),
    })
    await settle()
    expect([alone.works(), refused.works()]).toEqual([1, 1])
    alone.place.leave()
    refused.place.leave()
    await settle()
    expect([alone.works(), refused.works()]).toEqual([0, 0])
  })
})
