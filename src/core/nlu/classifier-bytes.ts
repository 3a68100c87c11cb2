import { AppError } from '../errors.ts'
import { byteReader, byteWriter, type ByteReader, type ByteWriter } from './bytes.ts'
import type { Classifier } from './classifier.ts'
import { conceptMatcher } from './concepts.ts'
import { SETTINGS } from './settings.ts'
import { vocabularyOf } from './vocabulary.ts'

/** Raised whenever features, settings or this layout change, so that an older file is refused and made anew. */
export const CLASSIFIER_VERSION = 5

/** Packs a classifier of the fixed settings for a cache file. The same classifier gives the same bytes. Pure. */
export function serialize(classifier: Classifier): Uint8Array {
  const { intents, model, calibration, concepts, lines } = classifier
  const writer = byteWriter()
  writer.number(CLASSIFIER_VERSION)
  writeTexts(writer, intents)
  writer.column(Float64Array.from(calibration))
  writer.number(model.classCount)
  writer.column(model.keys)
  writer.column(model.groups)
  writer.column(model.idf)
  writer.column(model.weights)
  writer.column(model.scales)
  writer.column(model.biases)
  writeTexts(
    writer,
    concepts.map(({ id }) => id),
  )
  for (const { words } of concepts) writeTexts(writer, words)
  writeTexts(
    writer,
    lines.map(({ text }) => text),
  )
  writeTexts(
    writer,
    lines.map(({ intent }) => intent),
  )
  return writer.finish()
}

/**
 * Unpacks what `serialize` packed. Keeps views into the bytes instead of copying them.
 * Throws `invalid` when the bytes are damaged or of another version.
 */
export function deserialize(bytes: Uint8Array): Classifier {
  const reader = byteReader(bytes)
  const version = reader.number()
  if (version !== CLASSIFIER_VERSION) {
    throw new AppError(
      'invalid',
      `the stored classifier has version ${version}, this program reads ${CLASSIFIER_VERSION}; train again`,
    )
  }
  const intents = readTexts(reader)
  const calibration = [...reader.float64()]
  const model = {
    classCount: reader.number(),
    keys: reader.int32(),
    groups: reader.uint8(),
    idf: reader.float32(),
    weights: reader.int16(),
    scales: reader.float64(),
    biases: reader.float64(),
  }
  const concepts = readTexts(reader).map((id) => ({ id, words: readTexts(reader) }))
  const texts = readTexts(reader)
  const labels = readTexts(reader)
  return {
    intents,
    model,
    vocabulary: vocabularyOf(model.keys),
    calibration,
    concepts,
    matcher: conceptMatcher(concepts),
    lines: texts.map((text, line) => ({ text, intent: labels[line] ?? '' })),
    settings: SETTINGS,
  }
}

/** One text a record, so that a corpus is decoded in one go. */
function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  writer.column(Int32Array.from(texts, (text) => text.length))
  writer.text(texts.join(''))
}

function readTexts(reader: ByteReader): string[] {
  const lengths = reader.int32()
  const all = reader.text()
  let from = 0
  return Array.from(lengths, (length) => all.slice(from, (from += length)))
}
