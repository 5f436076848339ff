import * as v from 'valibot'
import { toHex, type Bytes } from '../core/bytes.ts'
import { MAX_ERA } from '../core/era.ts'

/** Schemas for the scalars of the wire; ids travel as bytes and become lower-case hex. */

export const bytes = (min: number, max = min) =>
  v.pipe(
    v.instance(Uint8Array),
    v.check((value) => value.length >= min && value.length <= max),
    v.transform((value): Bytes => new Uint8Array(value)),
  )

export const id = <T extends string>(length: number) =>
  v.pipe(
    bytes(length),
    v.transform((value) => toHex(value) as T),
  )

/** A whole number from 0 to 2^53 − 1. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** A whole number from 1 to 2^53 − 1. */
export const ordinal = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** One of the two numbers of an era. */
export const eraNumber = v.pipe(count, v.maxValue(MAX_ERA))

/** Text of at most `limit` bytes of UTF-8, well formed. */
export const text = (limit: number) =>
  v.pipe(
    v.string(),
    v.maxLength(limit),
    v.check((value) => value.isWellFormed() && new TextEncoder().encode(value).length <= limit),
  )

/** Undefined where the value does not fit: bytes from outside are dropped, never thrown about. */
export function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | undefined {
  const result = v.safeParse(schema, value, { abortEarly: true })
  return result.success ? result.output : undefined
}
