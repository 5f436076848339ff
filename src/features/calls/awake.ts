/** Keeps the screen on until the returned function is called. The browser takes the lock away with every hidden page. */
export function keepAwake(): () => void {
  let over = false
  let lock: WakeLockSentinel | undefined

  const take = () => {
    if (over || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    navigator.wakeLock.request('screen').then(
      (taken) => {
        lock = taken
        if (over) void taken.release()
      },
      // Refused to save the battery: the screen may go dark, the call goes on.
      () => undefined,
    )
  }

  document.addEventListener('visibilitychange', take)
  take()
  return () => {
    over = true
    document.removeEventListener('visibilitychange', take)
    void lock?.release()
  }
}
