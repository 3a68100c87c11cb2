import type { Content } from '../content.ts'
import { classify } from './classifier.ts'
import { type Asking, extractEntities } from './entities/extract.ts'
import { normalize } from './normalize.ts'
import type { Understanding } from './understanding.ts'

/**
 * Understands one utterance: what it wants, how sure that is, and the facts in it. Pure and deterministic.
 *
 * `now` is epoch ms, for relative times (Asia/Shanghai). `asking` tells which facts the open question wants: it
 * decides how a bare number is read. The text is masked already; phone numbers may still be whole.
 */
export function understand(
  content: Pick<Content, 'classifier' | 'lexicon'>,
  text: string,
  now: number,
  asking?: Asking,
): Understanding {
  const { ranking, confidence, decision } = classify(content.classifier, withoutMaskMarks(text))
  return {
    text,
    normalized: normalize(text),
    intent: ranking[0]?.intent ?? 'out_of_scope',
    confidence,
    ranking,
    entities: extractEntities(text, content.lexicon, now, asking),
    decision,
  }
}

const MASK_MARK = /\[[^\]]*(?:\*{4}\d{4}|已隐藏|数据)\]/gu

/** What stands for hidden data says nothing about what the merchant wants. */
function withoutMaskMarks(text: string): string {
  return text.replace(MASK_MARK, ' ')
}
