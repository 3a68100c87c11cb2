import type { z } from 'zod'
import { AppError, type Problem } from '../core/errors.ts'

const MAX_PROBLEMS = 10
const MAX_MESSAGE = 200

/**
 * Gives `value` back as what `schema` says it is.
 *
 * Throws `invalid` with one sentence about the first fault and a list of all; what was sent is not repeated.
 */
export function validated<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap(meantIssues).slice(0, MAX_PROBLEMS).map(describe)
  const first = problems[0]
  const where = first?.where ? `${what} field "${first.where}"` : what
  throw new AppError('invalid', `${where}: ${first?.message ?? 'not acceptable'}`, { problems })
}

/** Of a union the alternative with the fewest faults is the one that was meant. */
function meantIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const [nearest = []] = [...issue.errors].sort((a, b) => a.length - b.length)
  return nearest.flatMap(meantIssues).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

function describe(issue: z.core.$ZodIssue): Problem {
  return {
    where: issue.path.map(String).join('.').slice(0, MAX_MESSAGE),
    rule: issue.code,
    message: issue.message.slice(0, MAX_MESSAGE),
  }
}
