/** How long to wait before each start after a crash, in milliseconds: the first is taken for an accident. */
const delays: readonly number[] = [100, 1_000, 5_000, 15_000];

/** A server that ran this long was well; what comes then is another story. In milliseconds. */
const healthy = 3 * 60_000;

/** Backoff tells when to start a server again that has ended by itself. */
export class Backoff {
  #crashes: number[] = [];

  /**
   * Notes a crash at a time, in milliseconds, and gives how long to wait; undefined when it has
   * crashed so often that the next start would do no better.
   */
  crashed(now: number): number | undefined {
    this.#crashes = [...this.#crashes.filter((at) => now - at < healthy), now];
    return delays[this.#crashes.length - 1];
  }

  /** Forgets what was, as when a person asks for a start. */
  reset(): void {
    this.#crashes = [];
  }
}
