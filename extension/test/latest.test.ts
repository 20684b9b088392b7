import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Latest } from "../src/latest.ts";

/** A setting, and readings of it that end when they are told to, each with the value of its beginning. */
function slowly(): { set: (value: string) => void; latest: Latest<string>; end: (reading: number) => void } {
  let value = "old";
  const ends: (() => void)[] = [];
  const latest = new Latest(() => {
    const seen = value;
    return new Promise<string>((resolve) => {
      ends.push(() => {
        resolve(seen);
      });
    });
  });
  const set = (next: string): void => {
    value = next;
    latest.changed();
  };
  return { set, latest, end: (reading) => ends[reading]?.() };
}

describe("Latest", () => {
  it("reads once what does not change", async () => {
    const { latest, end } = slowly();
    const read = latest.read();
    end(0);
    assert.equal(await read, "old");
  });

  it("reads again what has changed meanwhile", async () => {
    const { set, latest, end } = slowly();
    const read = latest.read();
    set("new");
    end(0);
    await Promise.resolve(); // the second reading begins
    await Promise.resolve();
    end(1);
    assert.equal(await read, "new");
  });

  it("gives nobody what was before, in whichever order readings end", async () => {
    const { set, latest, end } = slowly();
    set("first");
    const first = latest.read();
    set("second");
    const second = latest.read();
    end(1);
    assert.equal(await second, "second");
    end(0);
    await Promise.resolve();
    await Promise.resolve();
    end(2);
    assert.equal(await first, "second");
  });

  it("tells of a reading that fails", async () => {
    const latest = new Latest(() => Promise.reject(new Error("no")));
    await assert.rejects(latest.read(), /no/);
  });
});
