/**
 * The part of simple-peer 9.11.1 that we use, its two private members included. Written by hand: @types/simple-peer
 * drags the types of Node into the browser's world.
 */
declare module 'simple-peer/simplepeer.min.js' {
  /** What it says to, and takes from, its like at the other end. */
  type Signal = import('../protocol/signal.ts').Signal

  export interface SimplePeerOptions {
    readonly initiator: boolean
    readonly trickle: true
    /** Never left out: the library's own default asks Google and Twilio. */
    readonly config: RTCConfiguration
    readonly channelConfig?: RTCDataChannelInit
  }

  interface Events {
    signal: [signal: Signal]
    /** Always followed by 'close'; thrown into the page if nobody listens. */
    error: [error: Error]
    close: []
  }

  export default class SimplePeer {
    constructor(options: SimplePeerOptions)
    readonly destroyed: boolean
    readonly destroying: boolean
    /** Null once destroyed; missing where the browser refused to make one. */
    readonly _pc?: RTCPeerConnection | null
    /** There from the beginning when the channel is negotiated; null once destroyed. */
    readonly _channel?: RTCDataChannel | null
    on<E extends keyof Events>(event: E, listener: (...values: Events[E]) => void): this
    /** Throws once destroyed, and on a candidate that belongs nowhere. */
    signal(signal: Signal): void
    /** Offers anew (initiator), or asks for an offer. */
    negotiate(): void
    /** Lets what comes on the data channel flow away. */
    resume(): this
    destroy(error?: Error): void
  }
}
