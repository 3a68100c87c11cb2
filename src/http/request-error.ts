import { AppError } from '../core/errors.ts'

export type RequestFault = 'too_large' | 'headers_too_large' | 'wrong_type' | 'wrong_method' | 'timeout'

/** A request refused for its outer form. It has a status of its own, which only `to-problem.ts` knows. */
export class RequestError extends AppError {
  readonly fault: RequestFault
  /** Methods the path does take, for `wrong_method`. */
  readonly allow: readonly string[]

  constructor(fault: RequestFault, message: string, allow: readonly string[] = []) {
    super('invalid', message)
    this.fault = fault
    this.allow = allow
  }
}
