import { z } from 'zod'

export type Path = readonly (string | number)[]

/** Keys an object may have at that place of the schema; over all members where the schema is a union. */
export function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  return [
    ...new Set(
      schemasAt(schema, path).flatMap((s) => (s instanceof z.ZodObject ? Object.keys(s.shape) : [])),
    ),
  ]
}

/** Values that tell the members of a union apart at that place. */
export function discriminators(schema: z.core.$ZodType, path: Path, key: string): unknown[] {
  const found = schemasAt(schema, path.at(-1) === key ? path.slice(0, -1) : path).flatMap((s) => {
    const member: unknown = s instanceof z.ZodObject ? s.shape[key] : undefined
    return member instanceof z.ZodLiteral ? [...member.values] : []
  })
  return [...new Set(found)]
}

function schemasAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  let here = unwrap(schema)
  for (const key of path) here = here.flatMap((s) => inside(s, key)).flatMap(unwrap)
  return here
}

function inside(schema: z.core.$ZodType, key: string | number): z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const member: unknown = schema.shape[key]
    return member instanceof z.core.$ZodType ? [member] : []
  }
  if (schema instanceof z.ZodArray) return [schema.element]
  if (schema instanceof z.ZodRecord) return [schema.valueType]
  return []
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap)
  if (schema instanceof z.ZodIntersection) return [...unwrap(schema.def.left), ...unwrap(schema.def.right)]
  if (schema instanceof z.ZodLazy) return unwrap(schema.unwrap())
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in)
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.unwrap())
  }
  return [schema]
}
