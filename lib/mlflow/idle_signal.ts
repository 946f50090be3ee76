/** What {@linkcode idleSignal} gives. */
export interface IdleSignal {
  /** Aborts with a `TimeoutError` when nothing has moved for too long. */
  signal: AbortSignal;
  /** Says that something has moved. */
  moved(): void;
  /** Ends the watch. */
  stop(): void;
}

/**
 * Watches over a transfer: however long it takes, it must not stand still.
 *
 * @param seconds How long nothing may move, from now on.
 */
export function idleSignal(seconds: number): IdleSignal {
  const controller = new AbortController();
  const start = () =>
    setTimeout(() => controller.abort(new DOMException("Idle", "TimeoutError")), seconds * 1000);
  let timer = start();
  return {
    signal: controller.signal,
    moved() {
      clearTimeout(timer);
      timer = start();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
