// The words of a request and of a report, and where an intervention is.
import { call, get } from "./client.mjs";
import { alice } from "./people.mjs";
import { practice, system_id, until } from "./lab.mjs";

export const wanted = (more = {}) => ({
  practice, system: system_id, tools: ["shell"], access_types: ["VIEW", "CONTROL"], data_categories: ["données techniques"], purpose: "MAINTENANCE",
  reason: "Panne d'impression depuis ce matin", planned_tasks: "Relancer la file d'impression", ticket: "DOS-1", minutes: 30, criticality: "STANDARD",
  pair: null, additional: [], consulted: [], emergency: null, planned: null, ...more });
export const ask = (who, more, options) => call(who, "POST", "/interventions", wanted(more), { status: 201, ...options });
export const at = (id, tail = "") => `/interventions/${id}${tail}`;
const state_of = async (id) => (await get(alice, at(id))).state;
export const in_state = (id, state) => until(state, async () => (await state_of(id)) === state);
export const sent = { tasks: "Relance faite, page de test imprimée.", outcome: "SOLVED", cleanup: "DONE", consulted: [], none_consulted: null };
