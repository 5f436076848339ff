import * as v from 'valibot'
import { count } from './schema.ts'

export const u32 = v.pipe(count, v.maxValue(0xffff_ffff))

/** What is said about a call. */
export const callStep = v.variant('step', [
  v.strictObject({ step: v.literal('ring'), video: v.boolean() }),
  v.strictObject({ step: v.literal('ringing') }),
  v.strictObject({ step: v.literal('accept'), video: v.boolean() }),
  v.strictObject({ step: v.literal('decline') }),
  v.strictObject({ step: v.literal('busy') }),
  v.strictObject({ step: v.literal('end') }),
  v.strictObject({ step: v.literal('media'), muted: v.boolean(), camera: v.boolean() }),
])

/** What is said about a file. */
export const fileStep = v.variant('step', [
  v.strictObject({ step: v.literal('want'), ticket: u32, from: u32 }),
  v.strictObject({ step: v.literal('wrote'), ticket: u32, blocks: u32 }),
  v.strictObject({ step: v.literal('cancel') }),
  v.strictObject({ step: v.literal('gone'), reason: v.picklist(['missing', 'changed']) }),
  v.strictObject({ step: v.literal('over') }),
])
