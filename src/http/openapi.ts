import {
  createDocument,
  type ZodOpenApiContentObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi'
import { z } from 'zod'
import { Nothing, type Policy, type Route } from './route.ts'
import { ProblemAnswerBody } from './schema.ts'

const FORM_WITH_FILE: ZodOpenApiContentObject = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
      required: ['file'],
    },
  },
}

/** Describes the routes as OpenAPI 3.1, from the very schemas that validate. Pure. */
export function describeApi(routes: readonly Route[], version: string): string {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: describeRoute(route) }
  }
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'posdesk',
      version,
      description: 'Helpdesk chatbot for shops that take cards on POS terminals',
    },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', description: 'Token of POST /widget/v1/session' },
        staff: { type: 'apiKey', in: 'cookie', name: 'posdesk', description: '__Host-posdesk over https' },
        csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token', description: 'Of POST /desk/v1/login' },
        operations: {
          type: 'http',
          scheme: 'bearer',
          description: 'POSDESK_OPS_TOKEN; not needed on loopback',
        },
      },
    },
  })
  return JSON.stringify(document)
}

function describeRoute(route: Route): ZodOpenApiOperationObject {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
  const path = z.object(Object.fromEntries(names.map((name) => [name, z.string()])))
  const query = route.query instanceof z.ZodObject && route.query !== Nothing ? route.query : undefined
  const { status, type, schema } = route.answer
  return {
    summary: route.summary,
    ...(route.policy !== 'public' &&
      route.policy !== 'signed' && { security: securityOf(route.policy, route.method) }),
    ...((names.length > 0 || query) && {
      requestParams: { ...(names.length > 0 && { path }), ...(query && { query }) },
    }),
    ...(route.body &&
      route.body !== Nothing && {
        requestBody: { required: true, content: { 'application/json': { schema: route.body } } },
      }),
    ...(route.takesFile && { requestBody: { required: true, content: FORM_WITH_FILE } }),
    responses: {
      [`${status}`]: { description: 'Done', content: { [type]: schema ? { schema } : {} } },
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: ProblemAnswerBody } },
      },
    },
  }
}

function securityOf(
  policy: Exclude<Policy, 'public' | 'signed'>,
  method: Route['method'],
): Record<string, string[]>[] {
  if (policy === 'session') return [{ session: [] }]
  if (policy === 'operations') return [{ operations: [] }]
  return [method === 'get' ? { staff: [] } : { staff: [], csrf: [] }]
}
