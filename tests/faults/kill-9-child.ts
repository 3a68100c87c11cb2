// Takes turns on a store as fast as it can and prints a line for each one that was acknowledged, until it is killed.
import { systemClock } from '../../src/app/ids.ts'
import { openLowdbStore } from '../../src/store/lowdb/open.ts'
import { shop, take, talkId } from '../contracts/shop-talk.ts'

const [folder = '', round = '0', merchants = '8'] = process.argv.slice(2)
const store = await openLowdbStore(folder, { clock: systemClock })
process.stdout.write('open\n')

async function talk(merchant: number): Promise<never> {
  for (let n = 0; ; n++) {
    const key = `r${round}-m${merchant}-n${n}`
    const { seq } = await store.turn(shop(merchant), take(shop(merchant), talkId(merchant), key))
    process.stdout.write(`acked ${merchant} ${seq} ${key}\n`)
  }
}

await Promise.all(Array.from({ length: Number(merchants) }, (_, merchant) => talk(merchant)))
