import type { AnswerMatcher } from './answer.ts'
import type { Finding } from './finding.ts'
import type { Step } from './flow.ts'
import { bare, clausesOf } from './wording.ts'

/** A phrase this near to another answer's could as well stand there. */
const TOO_ALIKE = 0.88

/** Finds answers of a step that nobody can give or that cannot be told apart, measured with the matcher itself. Pure. */
export function checkAnswers(step: Step, matcher: AnswerMatcher): readonly Finding[] {
  const findings: Finding[] = []
  const seen = new Map<string, string>()
  for (const answer of step.answers) {
    const path = ['steps', step.id, 'answers', answer.id]
    if (answer.phrases.length + answer.told.length + answer.means.length + answer.gives.length === 0) {
      const message = `nobody can give the answer "${answer.id}" in words: add "phrases" or "means"`
      findings.push({ path, rule: 'no-phrases', message })
    }
    for (const phrase of [...answer.phrases, ...answer.told]) {
      const form = bare(clausesOf(phrase).join(''))
      const other = seen.get(form)
      if (other !== undefined && other !== answer.id) {
        const message = `"${phrase}" already belongs to the answer "${other}" of this step: keep it at one of them`
        findings.push({ path: [...path, 'phrases'], rule: 'phrase-twice', message })
        continue
      }
      seen.set(form, answer.id)
      const rival = matcher.nearestRival(step, answer, phrase)
      if (rival !== undefined && rival.score >= TOO_ALIKE) {
        const message = `"${phrase}" says nearly the same as the answer "${rival.answer.id}" of this step: say it more clearly`
        findings.push({ path: [...path, 'phrases'], rule: 'too-alike', message })
        continue
      }
      const match = matcher.match(step, phrase)
      if (match.kind === 'answer' && match.answer === answer) continue
      const taken = match.kind === 'answer' ? `the answer "${match.answer.id}"` : 'no answer at all'
      const message = `"${phrase}" is understood as ${taken} instead of "${answer.id}": say it more clearly`
      findings.push({ path: [...path, 'phrases'], rule: 'too-alike', message })
    }
  }
  return findings
}
