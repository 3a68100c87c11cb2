import type { AnswerMatcher } from './answer.ts'
import { checkAnswers } from './check-answers.ts'
import { checkGraph } from './check-graph.ts'
import { checkTexts } from './check-texts.ts'
import type { Finding } from './finding.ts'
import type { Flow } from './flow.ts'

/**
 * Proves what can be proved of a flow before it goes live: every step is reached, every path ends in a resolution
 * or a human, answers of a step can be told apart, texts fit and say nothing forbidden. Pure.
 */
export function checkFlow(
  flow: Flow,
  context: { readonly flows: ReadonlyMap<string, Flow>; readonly matcher: AnswerMatcher },
): readonly Finding[] {
  return [
    ...checkGraph(flow, context.flows),
    ...checkTexts(flow),
    ...[...flow.steps.values()].flatMap((step) => checkAnswers(step, context.matcher)),
  ]
}
