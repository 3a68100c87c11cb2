import { Cell, useCell } from '../cell.ts'
import { readStored, writeStored } from '../stored.ts'
import { en } from './dictionary-en.ts'
import { zh, type Dictionary } from './dictionary-zh.ts'

export type Language = 'zh' | 'en'

const KEY = 'posdesk.console.language'
const language = new Cell<Language>(readStored(KEY) === 'en' ? 'en' : 'zh')

/** Changes the language at once and for the next visit. */
export function setLanguage(next: Language): void {
  writeStored(KEY, next)
  language.set(next)
}

export function useLanguage(): Language {
  return useCell(language)
}

export function useWords(): Dictionary {
  return useLanguage() === 'en' ? en : zh
}

/** The word for an id that may be newer than this dictionary. */
export function lookUp(table: Readonly<Record<string, string>>, id: string): string | undefined {
  return Object.hasOwn(table, id) ? table[id] : undefined
}
