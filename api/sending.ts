import type { Context } from "hono";

const SENDING = "sending" as never;

/** Tells that an answer goes on after its beginning, until a promise resolves. */
export function setSending(context: Context, sending: Promise<void>): void {
  context.set(SENDING, sending as never);
}

/** What {@linkcode setSending} was told, if anything. */
export function sendingOf(context: Context): Promise<void> | undefined {
  return context.get(SENDING);
}
