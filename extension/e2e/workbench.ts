import * as assert from "node:assert/strict";

import type { Locator, Page } from "playwright-core";

/** How often a key is pressed again that nobody has heard, while focus was moving. */
const presses = 5;

/** How long a key press has to show, in milliseconds. */
const keyTime = 3_000;

/** Workbench is the window, as somebody sees it who looks at words. Nothing in it waits for time alone. */
export class Workbench {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens a file by the explorer, to stay. */
  async openFile(name: string): Promise<void> {
    await this.#page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`).first().dblclick();
    await this.#page.locator(`.editor-group-container.active .tab.active[aria-label^="${name}"]`).first().waitFor();
    await this.#editor().locator(".view-line").first().waitFor();
  }

  /** Runs a command by the palette. */
  async command(title: string): Promise<void> {
    await this.#page.keyboard.press("F1");
    const input = this.#page.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.#page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await this.#page.keyboard.press("Enter");
  }

  /** Chooses in the list that has come up. */
  async choose(label: string): Promise<void> {
    await this.#page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first().click();
  }

  /** Moves the cursor. */
  async goTo(line: number, column: number): Promise<void> {
    await this.focus();
    await this.#page.keyboard.press("Control+g");
    const input = this.#page.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    await input.fill(`:${String(line)}:${String(column)}`);
    await this.#page.keyboard.press("Enter");
    const place = `Ln ${String(line)}, Col ${String(column)}`;
    await this.#page.locator("#status\\.editor\\.selection", { hasText: place }).waitFor();
  }

  /** Waits until the Problems list has just these of ours, as LINE:CODE, one after the other. */
  async problems(want: string): Promise<void> {
    let got: string | undefined;
    let seen: string[][] = [];
    for (const end = Date.now() + 30_000; got !== want && Date.now() < end;) {
      seen = await this.problemRows().evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll(".monaco-table-td")].map((cell) => cell.textContent)),
      );
      got = seen
        .map((cells) => /^modreach([a-z-]+)$.*\[Ln (\d+), Col/ms.exec(cells.map((cell) => cell.trim()).join("\n")))
        .filter((found) => found !== null)
        .map(([, code, line]) => `${line ?? ""}:${code ?? ""}`)
        .join(" ");
      await this.#page.evaluate(() => new Promise(requestAnimationFrame));
    }
    assert.equal(got, want, seen.map((cells) => cells.join(" | ")).join("\n"));
  }

  /** Reports whether an extension has come up. */
  async running(name: string): Promise<boolean> {
    await this.command("Developer: Show Running Extensions");
    return (await this.#extensions()).some((row) => row.includes(name));
  }

  /** Gives how long an extension that has come up took for that, in milliseconds, as the editor has measured it. */
  async activation(name: string): Promise<number> {
    await this.command("Developer: Show Running Extensions");
    const row = (await this.#extensions()).find((text) => text.includes(name)) ?? "";
    const [, time] = /Activation: (\d+)ms/.exec(row) ?? [];
    assert.ok(time !== undefined, "the editor tells the time");
    return Number(time);
  }

  /** Gives the rows of the extensions that are shown to have come up. Those that were quick are out of sight at first. */
  async #extensions(): Promise<string[]> {
    const rows = this.#page.locator(".runtime-extensions-editor .monaco-list-row");
    await rows.first().hover();
    const all = new Set<string>();
    for (let still = 0; still < presses; still++) {
      const known = all.size;
      for (const text of await rows.allInnerTexts()) {
        all.add(text);
      }
      if (all.size > known) {
        still = 0;
      }
      await this.#page.mouse.wheel(0, 200);
      await this.#page.evaluate(() => new Promise(requestAnimationFrame));
    }
    return [...all];
  }

  problemRows(): Locator {
    return this.#page.locator(".markers-panel .monaco-list-row");
  }

  squiggles(kind: "error" | "warning"): Locator {
    return this.#editor().locator(`.squiggly-${kind}`);
  }

  /** Waits until there are as many squiggles as that. */
  async squiggled(kind: "error" | "warning", count: number): Promise<void> {
    await this.squiggles(kind)
      .nth(count - 1)
      .waitFor();
    assert.equal(await this.squiggles(kind).count(), count);
  }

  /** Waits until the item of the language status says something. */
  async status(text: string): Promise<void> {
    await this.#page.mouse.move(0, 0); // what is pointed at already shows nothing
    await this.#page.locator("#status\\.languageStatus").hover();
    await this.#page.locator(".hover-language-status", { hasText: text }).waitFor();
    await this.#page.keyboard.press("Escape");
  }

  /** Shows the hover at the cursor and gives its words. */
  async hover(): Promise<string> {
    await this.command("Show or Focus Hover");
    const hover = this.#page.locator(".monaco-hover:not(.hidden) .monaco-hover-content").first();
    await hover.waitFor();
    return hover.innerText();
  }

  /**
   * Puts the focus into the editor, if it is elsewhere: the key acts after the press returns, and
   * a menu that was opened in between would close.
   */
  async focus(): Promise<void> {
    const focused = this.#page.locator(".editor-group-container.active .monaco-editor.focused").first();
    for (let n = 1; (await focused.count()) === 0 && n < presses; n++) {
      await this.#page.keyboard.press("Control+1");
      await focused.waitFor({ timeout: keyTime }).catch(() => undefined);
    }
    await focused.waitFor();
  }

  /** Opens the menu of fixes at the cursor by the light bulb, and gives the one with a title. */
  lightBulb(title: string | RegExp): Promise<Locator> {
    const bulbs = this.#editor().locator('.lightBulbWidget, [class*="codicon-gutter-lightbulb"]');
    return this.#fix(title, () => bulbs.locator("visible=true").first().click());
  }

  /** Opens the menu of fixes at the cursor by its key, and gives the one with a title. */
  quickFix(title: string | RegExp): Promise<Locator> {
    return this.#fix(title, () => this.#page.keyboard.press("Control+."));
  }

  /** Gives what the editor has said in pop-ups, those included that have gone. */
  async notifications(): Promise<string[]> {
    await this.command("Notifications: Show Notifications");
    return this.#page.locator(".notifications-center .notification-list-item-message").allInnerTexts();
  }

  async save(): Promise<void> {
    await this.focus();
    await this.#page.keyboard.press("Control+s");
    await this.#page.locator(".editor-group-container.active .tab.active:not(.dirty)").waitFor();
  }

  /** Opens the menu of fixes, and again if the fix is not there: it may be that it is still tried. */
  async #fix(title: string | RegExp, open: () => Promise<void>): Promise<Locator> {
    const item = this.#page.locator(".action-widget .monaco-list-row.action", { hasText: title }).first();
    for (let n = 1; ; n++) {
      await this.focus();
      await open();
      try {
        await item.waitFor({ timeout: keyTime });
        return item;
      } catch (error) {
        if (n === presses) {
          throw error;
        }
        await this.#page.keyboard.press("Escape");
      }
    }
  }

  #editor(): Locator {
    return this.#page.locator(".editor-group-container.active .monaco-editor").first();
  }
}
