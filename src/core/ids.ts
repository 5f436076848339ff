declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** An Ed25519 public key, 64 lower-case hex digits. The key *is* the person (PROTOCOL §1). */
export type IdentityKey = Brand<string, 'IdentityKey'>
/** Where the introducer finds a device: 40 lower-case hex digits (PROTOCOL §1). */
export type Address = Brand<string, 'Address'>
/** 16 bytes, 32 lower-case hex digits (PROTOCOL §5). */
export type ConversationId = Brand<string, 'ConversationId'>
/** HKDF(invite secret, "invite/id"), 16 bytes, 32 lower-case hex digits: names an invite without giving it away. */
export type InviteId = Brand<string, 'InviteId'>
/** The 8 random bytes of an incarnation, 16 lower-case hex digits (PROTOCOL §1). */
export type IncarnationId = Brand<string, 'IncarnationId'>
/** 16 random bytes, 32 lower-case hex digits. */
export type FileId = Brand<string, 'FileId'>
/** 16 random bytes, 32 lower-case hex digits. */
export type CallId = Brand<string, 'CallId'>

/** Every id is lower-case hex of a fixed length; this is the only place where a string becomes one. */
function hexId<T extends string>(bytes: number): (text: string) => T {
  const pattern = new RegExp(`^[0-9a-f]{${String(bytes * 2)}}$`)
  return (text) => {
    if (!pattern.test(text)) throw new TypeError(`expected ${String(bytes)} bytes as lower-case hex`)
    return text as T
  }
}

export const identityKey = hexId<IdentityKey>(32)
export const address = hexId<Address>(20)
export const conversationId = hexId<ConversationId>(16)
export const inviteId = hexId<InviteId>(16)
export const incarnationId = hexId<IncarnationId>(8)
export const fileId = hexId<FileId>(16)
export const callId = hexId<CallId>(16)
