// By keyboard alone, on the narrowest screen, in English and in the dark: found, opened, verified.
import { button, by_keyboard, desktop, look } from "../support/browser.mjs";
import { until } from "../support/lab.mjs";
import { story } from "../support/promise.mjs";
import { see } from "./people.mjs";
import { tickets } from "./work.mjs";

const narrow = { width: 320, height: 640 };

export const keyboard = (cast) => story("keyboard", [
  ["a search, an intervention and its proof, without a mouse and without a sideways scroll", async () => {
    const me = cast.auditor, { page, w } = me, hand = by_keyboard(page);
    await page.setViewportSize(narrow);
    me.viewport = narrow;
    await see(me, "#/interventions");
    await page.getByText(w("mc_total_other", { n: 3 }), { exact: true }).waitFor();
    await hand.fill(page.locator("#filter-text"), tickets.worked);
    await hand.press(button(page, w("mc_find")));
    await page.getByText(w("mc_total_one", { n: 1 }), { exact: true }).waitFor();
    await look(me, "keyboard-found", { languages: ["en"], schemes: ["dark"] });
    await hand.press(page.locator(".grid tbody th a").first());
    await page.locator("#proof").waitFor();
    await until("the focus on the new view", () => page.evaluate(() => document.activeElement?.id === "main"), 5);
    await hand.press(page.getByRole("button", { name: new RegExp(`^(${w("pf_check")}|${w("pf_again")})$`) }));
    await page.getByText(w("pf_ok")).first().waitFor();
    await look(me, "keyboard-verified", { languages: ["en"], schemes: ["dark"] });
  }],
  ["the menu opens and leads on by keyboard; an act left again gives the focus back", async () => {
    const me = cast.auditor, { page, w } = me, hand = by_keyboard(page);
    await hand.press(button(page, w("mk_question")));
    await until("the focus in the act", () => page.evaluate(() => Boolean(document.activeElement?.closest(".deed"))), 5);
    await hand.press(page.locator(".deed .actions .button.quiet"));
    await until("the focus back on its button", () => page.evaluate((name) => document.activeElement?.textContent === name, w("mk_question")), 5);
    await hand.press(button(page, w("nav_show")));
    await hand.press(page.getByRole("link", { name: w("nav_overview"), exact: true }));
    await page.locator(".heat").waitFor();
    await page.setViewportSize(desktop);
    me.viewport = desktop;
  }],
], { seconds: 90 });
