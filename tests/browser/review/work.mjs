// What there is to review: interventions asked for, worked on, refused and taken back, by the stock programs.
import { facts, sh, take_config } from "../support/lab.mjs";
import { story } from "../support/promise.mjs";

export const tickets = { worked: "DOS-REVUE-1", refused: "DOS-REVUE-2", cancelled: "DOS-REVUE-3" };
export const reason = "Panne d impression depuis ce matin";

// Asks as a technician does: prints the intervention's number.
const ask = (ticket, ...more) => sh(`ticket=$1; shift; front alice request "$system_id.$practice" --ticket "$ticket" --reason "'${reason}'" --tasks "'Relancer la file'" --json "$@" | jq -er .intervention`, ticket, ...more);

export const made = (cast) => story("there is something to review", [
  ["a technician works at the practice, leaves and reports; another request is refused, a third taken back", async () => {
    cast.worked = await ask(tickets.worked, "--tools", "shell,files");
    await sh(`approve "$1"`, cast.worked);
    await take_config("alice", cast.worked);
    await sh(`inside alice true && echo essai >"$work/essai.txt" && as_tech alice timeout 50 scp -q -F "$lab/tech/alice/ssh/config" "$work/essai.txt" "$system_id.$practice:essai.txt"; finish_and_report alice "$1"`, cast.worked);
    await sh(`wait_for "the report" in_state alice "$1" CLOSED`, cast.worked);
    cast.refused = await ask(tickets.refused);
    await sh(`wait_for "the request" reaches_practice "$1"; program agent refuse --data "$lab/agent" "$1" --as dr-exemple --password-file "$lab/approver.password"`, cast.refused);
    await sh(`wait_for "the refusal" in_state alice "$1" REFUSED`, cast.refused);
    cast.cancelled = await ask(tickets.cancelled);
    await sh(`front alice cancel "$1"`, cast.cancelled);
    cast.origin = facts().gateway.https;
  }],
], { seconds: 90, always: true });
