import { storeContract } from '../contracts/store.contract.ts'
import { openedLowdb } from '../fixtures/opened-lowdb.ts'

storeContract('the embedded store', openedLowdb)
