import { mountPanel } from './mount.ts'
import { dictionaryFor, parseLocale } from './dictionary.ts'
import { followKeyboard } from './keyboard.ts'

const query = new URLSearchParams(location.search)
const locale = parseLocale(query.get('lang'))
const hostOrigin = query.get('embed') === '1' ? (query.get('host') ?? undefined) : undefined
const target = document.getElementById('panel')

document.documentElement.lang = locale
document.title = dictionaryFor(locale).title
followKeyboard()
if (target !== null)
  mountPanel(target, {
    apiBase: new URL('widget/v1/', document.baseURI).href,
    locale,
    ...(hostOrigin === undefined ? {} : { hostOrigin }),
  })
