// Who reads: the console's session, asked for once. Who is not signed in goes to the console's door and comes back.
import { language_was_chosen, set_language } from "../shared/i18n";
import { get, Refusal } from "../console/api";
import type { Door, Me } from "../console/contract";
import { leave_for_door, who } from "../console/who";

async function look_at_door(): Promise<void> {
  const door = await get<Door>("/door");
  if (!language_was_chosen()) set_language(door.language, false);
  who.set({ door });
}

export async function begin(): Promise<void> {
  try {
    await look_at_door();
    const me = await get<Me>("/me");
    if (me.must_change_password) return leave_for_door();
    who.set({ state: "in", me, problem: null });
  } catch (refused) {
    if (refused instanceof Refusal && refused.status === 401) return leave_for_door();
    who.set({ state: "out", problem: refused });
  }
}
