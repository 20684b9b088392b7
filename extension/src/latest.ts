/** Latest reads what takes a while to read and may change meanwhile, and gives no reading that is out of date. */
export class Latest<T> {
  readonly #read: () => Promise<T>;
  #changes = 0;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Is told of each change. */
  changed(): void {
    this.#changes++;
  }

  /** Reads, and reads again if there was a change before the end. Rejects as the reading does. */
  async read(): Promise<T> {
    for (;;) {
      const changes = this.#changes;
      const value = await this.#read();
      if (changes === this.#changes) {
        return value;
      }
    }
  }
}
