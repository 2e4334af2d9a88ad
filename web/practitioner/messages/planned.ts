// Planned interventions: a date answered in advance, which opens nothing, and the time when it comes.
import type { Table } from "../../shared/i18n";

export const planned = {
  planned_list: ["Interventions prévues", "Planned interventions"],
  planned_list_text: ["Rien ne s'ouvre tout seul : le moment venu, cette page vous appelle et vous décidez.", "Nothing opens by itself: when the time comes this page calls you and you decide."],
  planned_suits_tag: ["date acceptée", "date accepted"],
  planned_waits_tag: ["à vous de répondre", "waits for your answer"],
  planned_tag: ["Intervention prévue", "Planned intervention"],
  planned_title: ["{name} propose d'intervenir sur « {system} »", "{name} proposes to work on “{system}”"],
  planned_closed: ["Rien n'est ouvert, et rien ne s'ouvrira sans vous.", "Nothing is open, and nothing will open without you."],
  planned_what: ["Pour l'instant, seulement la date", "For now, only the date"],
  planned_opens_nothing: ["Dire que la date convient n'ouvre rien. Le moment venu, c'est vous qui ouvrirez, sur cette page : vous pourrez encore réduire ce qui est demandé, ou refuser.", "Saying that the date suits opens nothing. When the time comes you will open it yourself, on this page: you can still lower what is asked, or refuse."],
  planned_silence: ["Sans réponse, la proposition expire à la fin de cette période et rien ne s'ouvre.", "Without an answer the proposal lapses at the end of that period and nothing opens."],
  planned_answer: ["Cette date vous convient-elle ?", "Does this date suit you?"],
  planned_answer_help: ["Cela n'ouvre rien.", "This opens nothing."],
  planned_suits: ["Cette date me convient", "This date suits me"],
  planned_changed_mind: ["Un empêchement ?", "Something came up?"],
  planned_accepted_you: ["Vous avez dit que cette date vous convient. Rien n'est ouvert.", "You said that this date suits you. Nothing is open."],
  planned_accepted_other: ["{name} a dit que cette date convient. Rien n'est ouvert.", "{name} said that this date suits. Nothing is open."],
  planned_accepted_next: ["Le moment venu, cette page vous appellera et vous ouvrirez vous-même. D'ici là, vous pouvez encore refuser.", "When the time comes this page will call you and you will open it yourself. Until then you can still refuse."],
  planned_begun: ["L'heure prévue est venue ({when}).", "The planned time has come ({when})."],
  planned_notice: ["Ce que vous pourrez accepter le moment venu", "What you can agree to when the time comes"],
  planned_open: ["Ouvrir maintenant…", "Open now…"],
  said_planned: ["Intervention proposée, {when} : {name}, {system}.", "Intervention proposed, {when}: {name}, {system}."],
  said_begun: ["L'heure prévue est venue : {name}, {system}. Rien n'est ouvert sans votre accord.", "The planned time has come: {name}, {system}. Nothing is open without your consent."],
  said_accepted: ["La date est acceptée. Rien n'est ouvert.", "The date is accepted. Nothing is open."],
  title_planned: ["Date proposée", "Proposed date"],
} as const satisfies Table;
