const NEWLINE = 10, CARRIAGE_RETURN = 13, COMMA = 44;

/**
 * Counts the rows of a CSV answer as it streams by, and those whose last column, `error`, says
 * something.
 */
export class AnswerCounter {
  /** Lines so far, the header among them. */
  #lines = 0;
  #unlike = 0;
  /** The last byte that is no line end. */
  #last = 0;

  /** @param bytes The next part, cut anywhere. */
  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === NEWLINE) {
        this.#lines++;
        if (this.#last !== COMMA) this.#unlike++;
      } else if (byte !== CARRIAGE_RETURN) this.#last = byte;
    }
  }

  /** Rows without the header. */
  get rows(): number {
    return Math.max(0, this.#lines - 1);
  }

  /** Rows with an error; the header, which ends in `error`, is none of them. */
  get errors(): number {
    return Math.max(0, this.#unlike - 1);
  }
}
