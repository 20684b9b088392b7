import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { Backoff } from "../src/backoff.ts";
import { type Life, type Run, Supervisor } from "../src/supervisor.ts";

describe("Backoff", () => {
  it("waits longer each time, and then no more", () => {
    const backoff = new Backoff();
    assert.deepEqual(
      [0, 1_000, 2_000, 3_000, 4_000].map((at) => backoff.crashed(at)),
      [100, 1_000, 5_000, 15_000, undefined],
    );
  });
  it("forgets crashes of long ago", () => {
    const backoff = new Backoff();
    assert.deepEqual(
      [0, 200_000, 400_000, 600_000, 800_000].map((at) => backoff.crashed(at)),
      [100, 100, 100, 100, 100],
    );
  });
  it("forgets when it is told to", () => {
    const backoff = new Backoff();
    backoff.crashed(0);
    backoff.reset();
    assert.equal(backoff.crashed(1), 100);
  });
});

/** Theatre is a life in which nothing happens by itself. */
class Theatre implements Life {
  readonly events: string[] = [];
  readonly crash: (() => void)[] = [];
  timers: { callback: () => void; milliseconds: number }[] = [];
  time = 0;
  /** Makes the next launch fail. */
  failure: unknown;
  /** Holds launches up until it is called. */
  gate: Promise<void> = Promise.resolve();

  async launch(crashed: () => void): Promise<Run> {
    const n = this.crash.push(crashed);
    this.events.push(`launch ${String(n)}`);
    await this.gate;
    if (this.failure !== undefined) {
      throw this.failure as Error;
    }
    return {
      stop: () => {
        this.events.push(`stop ${String(n)}`);
        return Promise.resolve();
      },
    };
  }
  later(callback: () => void, milliseconds: number): () => void {
    const timer = { callback, milliseconds };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((t) => t !== timer);
    };
  }
  now(): number {
    return this.time;
  }
  hopeless(reason: unknown): boolean {
    return reason === "hopeless";
  }
  gaveUp(reason: unknown): void {
    this.events.push(`gave up: ${String(reason)}`);
  }
  /** Lets the only timer ring. */
  ring(): number {
    const [timer, ...rest] = this.timers;
    assert.ok(timer !== undefined && rest.length === 0, "there is one timer");
    this.timers = [];
    timer.callback();
    return timer.milliseconds;
  }
}

describe("Supervisor", () => {
  let theatre: Theatre;
  let supervisor: Supervisor;
  beforeEach(() => {
    theatre = new Theatre();
    supervisor = new Supervisor(theatre);
  });
  /** Lets everything happen that waits for nothing outside. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it("starts, replaces and stops", async () => {
    await supervisor.restart();
    await supervisor.restart();
    await supervisor.stop();
    assert.deepEqual(theatre.events, ["launch 1", "stop 1", "launch 2", "stop 2"]);
  });
  it("makes one restart of many", async () => {
    await Promise.all([supervisor.restart(), supervisor.restart(), supervisor.restart(), supervisor.restart()]);
    assert.deepEqual(theatre.events, ["launch 1", "stop 1", "launch 2"]);
  });
  it("starts again after a crash, later each time, and gives up once", async () => {
    await supervisor.restart();
    const waited: number[] = [];
    for (let n = 0; n < 4; n++) {
      theatre.crash[n]?.();
      waited.push(theatre.ring());
      await settle();
    }
    theatre.crash[4]?.();
    assert.deepEqual(waited, [100, 1_000, 5_000, 15_000]);
    assert.deepEqual(theatre.timers, []);
    assert.deepEqual(theatre.events, [
      "launch 1",
      "launch 2",
      "launch 3",
      "launch 4",
      "launch 5",
      "gave up: undefined",
    ]);
  });
  it("takes a crash that is told twice for one", async () => {
    await supervisor.restart();
    theatre.crash[0]?.();
    theatre.crash[0]?.();
    assert.equal(theatre.timers.length, 1);
  });
  it("takes no notice of a server that was replaced", async () => {
    await supervisor.restart();
    await supervisor.restart();
    theatre.crash[0]?.();
    assert.deepEqual(theatre.timers, []);
  });
  it("starts again after a start that failed, told by both sides", async () => {
    theatre.failure = "no answer";
    await supervisor.restart();
    theatre.crash[0]?.();
    theatre.failure = undefined;
    theatre.ring();
    await settle();
    assert.deepEqual(theatre.events, ["launch 1", "launch 2"]);
  });
  it("does not try what is hopeless", async () => {
    theatre.failure = "hopeless";
    await supervisor.restart();
    assert.deepEqual(theatre.timers, []);
    assert.deepEqual(theatre.events, ["launch 1", "gave up: hopeless"]);
  });
  it("calls a start off when it is to stop", async () => {
    await supervisor.restart();
    theatre.crash[0]?.();
    await supervisor.stop();
    assert.deepEqual(theatre.timers, []);
    assert.deepEqual(theatre.events, ["launch 1"]);
  });
  it("stops what was starting", async () => {
    let open = (): void => undefined;
    theatre.gate = new Promise((resolve) => {
      open = resolve;
    });
    const started = supervisor.restart();
    await settle();
    const stopped = supervisor.stop();
    open();
    await Promise.all([started, stopped]);
    assert.deepEqual(theatre.events, ["launch 1", "stop 1"]);
  });
  it("starts once for a start that failed while another was asked for", async () => {
    let open = (): void => undefined;
    theatre.gate = new Promise((resolve) => {
      open = resolve;
    });
    theatre.failure = "hopeless";
    const first = supervisor.restart();
    await settle();
    const second = supervisor.restart();
    open();
    await settle();
    theatre.failure = undefined;
    await Promise.all([first, second]);
    assert.deepEqual(theatre.timers, []);
    assert.deepEqual(theatre.events.slice(0, 2), ["launch 1", "launch 2"]);
  });
  it("gives a start that was asked for all its chances", async () => {
    await supervisor.restart();
    theatre.crash[0]?.();
    await supervisor.restart();
    theatre.crash[1]?.();
    assert.equal(theatre.ring(), 100);
  });
});
