import { Backoff } from "./backoff.ts";

/** Run is one server process. */
export interface Run {
  /** Ends it in order. It does not reject. */
  stop(): Promise<void>;
}

/** Life is what a supervisor needs of the world. */
export interface Life {
  /** Starts a server, and has crashed called, once, if it ends by itself. */
  launch(crashed: () => void): Promise<Run>;
  /** Calls back after some milliseconds; what it returns calls that off. */
  later(callback: () => void, milliseconds: number): () => void;
  now(): number;
  /** Reports whether the next start would fail for the same reason. */
  hopeless(reason: unknown): boolean;
  /** Is told that there will be no further start by itself, and why, if that is known. */
  gaveUp(reason: unknown): void;
}

/**
 * Supervisor keeps one server running. However often a restart is asked for, one start is under
 * way and at most one more is to come.
 */
export class Supervisor {
  readonly #life: Life;
  readonly #backoff = new Backoff();
  #run: Run | undefined;
  #turn: Promise<void> | undefined;
  #asked = false;
  #stopped = false;
  #callOff: (() => void) | undefined;
  /** Tells the server of today from earlier ones that are still ending. */
  #generation = 0;

  constructor(life: Life) {
    this.#life = life;
  }

  /** Starts the server, or replaces the one that runs. */
  restart(): Promise<void> {
    this.#backoff.reset();
    return this.#start();
  }

  /** Ends the server for good. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#start();
  }

  #start(): Promise<void> {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#asked = true;
    this.#turn ??= this.#turns().finally(() => {
      this.#turn = undefined;
    });
    return this.#turn;
  }

  async #turns(): Promise<void> {
    while (this.#asked) {
      this.#asked = false;
      const old = this.#run;
      this.#run = undefined;
      const generation = ++this.#generation;
      await old?.stop();
      if (!this.#stopped) {
        await this.#launch(generation);
      }
    }
  }

  async #launch(generation: number): Promise<void> {
    try {
      this.#run = await this.#life.launch(() => {
        this.#crashed(generation, undefined);
      });
    } catch (error) {
      this.#crashed(generation, error);
    }
  }

  #crashed(generation: number, reason: unknown): void {
    if (generation !== this.#generation || this.#stopped || this.#asked) {
      return; // nobody waits for this one: there is another, or is about to be
    }
    this.#generation++; // a start that fails may be told of twice
    this.#run = undefined;
    const delay = this.#life.hopeless(reason) ? undefined : this.#backoff.crashed(this.#life.now());
    if (delay === undefined) {
      this.#life.gaveUp(reason);
      return;
    }
    this.#callOff = this.#life.later(() => void this.#start(), delay);
  }
}
