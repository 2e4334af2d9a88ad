// Who is signed in. A session that ends while somebody works leaves the view as it is: they sign in again
// in place (state "again"), and nothing they typed is lost. Another person begins with an empty page.
import { language_was_chosen, set_language } from "../shared/i18n";
import { Store } from "../shared/store";
import { get, on_ended, post, Refusal } from "./api";
import type { Door, Me, SignedIn } from "./contract";
import { hush, listen } from "./news";

export interface Who {
  state: "asking" | "out" | "in" | "again";
  me: Me | null;
  door: Door | null;
  problem: unknown;  // of the door or of a sign-in that came back from elsewhere
}

export const who = new Store<Who>({ state: "asking", me: null, door: null, problem: null });
on_ended(() => who.get().state === "in" && (hush(), who.set({ state: "again" })));

// The provider of OpenID Connect sends the browser back to "/?problem=<code>".
function problem_of_address(): Refusal | null {
  const code = new URLSearchParams(location.search).get("problem");
  if (!code) return null;
  history.replaceState(null, "", location.pathname + location.hash);
  return new Refusal(401, /^[\w-]{1,64}$/.test(code) ? code : "oidc_failed");
}

const kept_place = "pontlevis.console.place";
export function leave_for_provider(): void {
  sessionStorage.setItem(kept_place, location.hash);
}
function back_from_provider(me: Me): boolean {
  const place = sessionStorage.getItem(kept_place);
  sessionStorage.removeItem(kept_place);
  if (place !== null && leave_for_review(me)) return true;
  if (place?.startsWith("#/") && !location.hash) location.hash = place;
  return false;
}

// Compliance and auditors work on the review's page, /review/: signing in leads there, to the place they came from.
const review_place = "pontlevis.review.place";
export const reviews = (me: Me): boolean => me.role === "compliance" || me.role === "auditor";
export function leave_for_review(me: Me): boolean {
  if (!reviews(me) || me.must_change_password) return false;
  const place = sessionStorage.getItem(review_place) ?? "";
  sessionStorage.removeItem(review_place);
  location.assign(`/review/${place.startsWith("#/") ? place : ""}`);
  return true;
}
export function leave_for_door(): void {
  sessionStorage.setItem(review_place, location.hash);
  location.replace("/");
}

async function look_at_door(): Promise<void> {
  const door = await get<Door>("/door");
  if (!language_was_chosen()) set_language(door.language, false);
  who.set({ door });
}

export async function begin(): Promise<void> {
  const problem = problem_of_address();
  try {
    await look_at_door();
    const me = await get<Me>("/me");
    if (!back_from_provider(me)) welcome(me);
  } catch (refused) {
    const out = refused instanceof Refusal && refused.status === 401;
    who.set({ state: "out", problem: out ? problem : refused });
  }
}

// The review hears no news: what its reader reads does not move by itself.
let listens = true;
export const be_still = (): void => void (listens = false);

function welcome(me: Me): void {
  who.set({ state: "in", me, problem: null });
  if (listens) void listen();
}

export function signed_in({ me }: SignedIn): void {
  const before = who.get().me;
  if (before && before.login !== me.login) return location.reload();
  if (!before && leave_for_review(me)) return;
  welcome(me);
}

export const take_me = (me: Me): void => who.set({ me });
export const refresh_me = async (): Promise<void> => take_me(await get<Me>("/me"));

export async function sign_out(): Promise<void> {
  try {
    await post("/sign-out");
  } finally {
    hush();
    who.set({ state: "out", me: null, problem: null });
    location.hash = "";
  }
}

// Typing in a terminal or a form asks the gateway nothing: once in a while the page says that its person is there.
const say_active_ms = 240_000;
let acted = false;
export function watch_activity(): () => void {
  const act = () => void (acted = true);
  const kinds = ["pointerdown", "keydown"] as const;
  for (const kind of kinds) addEventListener(kind, act, { passive: true });
  const timer = setInterval(() => {
    if (acted && who.get().state === "in") void get<Me>("/me").then(take_me, () => {});
    acted = false;
  }, say_active_ms);
  return () => {
    clearInterval(timer);
    for (const kind of kinds) removeEventListener(kind, act);
  };
}

export const is = (...roles: Me["role"][]): boolean => roles.includes(who.get().me?.role as Me["role"]);
