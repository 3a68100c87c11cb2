import { chinese } from './dictionary-zh.ts'
import { english } from './dictionary-en.ts'
import type { Serving, Waiting } from './wire.ts'
import type { PictureProblem } from './bring-pictures.ts'

export type Locale = 'zh-CN' | 'en'

/** Every sentence the panel itself says. */
export type Dictionary = {
  readonly title: string
  readonly log: string
  readonly message: string
  readonly placeholder: string
  readonly send: string
  readonly close: string
  readonly privacyHint: string
  readonly askHuman: string
  readonly askHumanText: string
  readonly authors: { readonly merchant: string; readonly bot: string; readonly agent: string }
  readonly states: {
    readonly starting: string
    readonly live: string
    readonly broken: string
    readonly offline: string
  }
  readonly offlineNotice: string
  readonly brokenNotice: string
  readonly queueNotice: (waiting: Waiting | undefined) => string
  readonly agentNotice: (serving: Serving | undefined) => string
  readonly botTyping: string
  readonly agentTyping: string
  readonly sending: string
  readonly delayed: string
  readonly waiting: string
  readonly delivered: string
  readonly failed: string
  readonly retry: string
  readonly edit: string
  readonly discard: string
  readonly choices: string
  readonly newLines: string
  readonly older: string
  readonly olderFailed: string
  readonly newSession: string
  readonly today: string
  readonly yesterday: string
  readonly rateAsk: string
  readonly rateThanks: string
  readonly rateLater: string
  stars(count: number): string
  readonly attach: string
  readonly coverHint: string
  readonly coveredHint: string
  readonly takePhoto: string
  readonly choosePicture: string
  readonly chosenPictures: string
  readonly notAPicture: string
  readonly pictureRemoved: string
  readonly pictureFailed: string
  readonly closePicture: string
  readonly fullPicture: string
  readonly fitPicture: string
  readonly cancel: string
  readonly pictureProblems: Readonly<Record<PictureProblem, string>>
  pictureBy(author: string, place: number, count: number): string
  enlarge(picture: string): string
  chosenPicture(place: number): string
  removePicture(place: number): string
  tooManyPictures(most: number): string
  uploading(percent: number): string
  choicesOffered(count: number): string
  says(author: string): string
  callInstead(hotline: string): string
  failedBecause(reason: string): string
  remaining(length: number, longest: number): string
  tooLong(excess: number): string
}

/** Chinese unless English was asked for: the shops this serves read Chinese. */
export function parseLocale(value: string | null): Locale {
  return value !== null && /^en\b/i.test(value) ? 'en' : 'zh-CN'
}

export function dictionaryFor(locale: Locale): Dictionary {
  return locale === 'en' ? english : chinese
}
