// The whole path of an intervention: asked, understood, agreed to, read out, watched, paused, stopped, reported,
// found again and proved. The same steps by mouse and by keyboard.
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { end_record, facts, hear, lab, owner, record_of, report, sh, take_config, technician_host, terminal, until, ask, records_of } from "../support/lab.mjs";
import { arrive, button, by_keyboard, by_mouse, end_on_the_page, go, heading, look, part_named, person, state_of, text_of } from "../support/browser.mjs";
import { expect, story } from "../support/promise.mjs";

const alice = "Alice Exemple";
const system = "Serveur du cabinet";

// Requirements B07 (and A28, A34): each thing the notice owes its reader, and the words that say it.
const owed = {
  fr: {
    "who asks": /Alice Exemple, Technicien de maintenance, Éditeur Exemple, depuis (la )?France/, "why": /Pourquoi \? Maintenance – Panne d impression depuis ce matin – dossier DOS-1/,
    "planned tasks": /Tâches prévues : Relancer la file/, "on what": /Sur quoi \? Serveur du cabinet\. Outil : terminal, fichiers, accès au service base/, "which rights, that can be lowered": /Droits demandés : .*que vous pouvez réduire/,
    "when and how long": /30 minutes au plus ; fermeture automatique/, "which data, health data among them": /données de santé de vos patients/, "recording": /Enregistrement : non, sauf si vous le demandez/,
    "a documented instruction": /instruction documentée \(RGPD, art\. 28\)/, "withdrawal, at any time, one act, no reason": /retirer votre accord à tout moment, en un seul geste, sans motif/,
    "consequences of refusing": /Refuser n'a pas d'autre effet/, "controller and contact": /Responsable de traitement .*Éditeur Exemple, 1 rue de l'Exemple/, "data protection officer": /DPO : dpo@vendor\.example/,
    "all purposes": /Finalités : réaliser l'intervention, en garder la preuve, sécuriser les accès/, "legal bases and legitimate interests": /Bases juridiques : exécution du contrat ; intérêt légitime \(sécurité et preuve\)/,
    "what is mandatory, by contract": /Données obligatoires : .*prévues par le contrat/, "what happens without them": /sans elles l'accès ne peut pas être ouvert/, "that the contract does not depend on them": /ne conditionnent pas la conclusion du contrat/,
    "recipients": /Destinataires : \S/, "transfers": /Transferts hors Union européenne : \S/, "retention": /Conservation : adresse IP 150 jours.*fiche d'intervention 5 ans/,
    "rights": /accès, rectification, effacement, limitation, opposition, portabilité, directives après décès, retrait/, "time to answer": /réponse sous 30 jours \(60/, "complaint to the CNIL": /Réclamation : CNIL/,
    "further purposes": /Utilisation ultérieure pour une autre finalité : aucune/, "automated decisions": /Décision automatisée : aucune/,
  },
  en: {
    "who asks": /Alice Exemple, Technicien de maintenance, Éditeur Exemple, from France/, "why": /Why\? Maintenance – .* – ticket DOS-1/, "planned tasks": /Planned tasks: Relancer la file/,
    "on what": /On what\? Serveur du cabinet\. Tool: terminal, files, access to the service base/, "rights": /Rights asked for: .*which you can lower/, "how long": /for at most 30 minutes; closed automatically/,
    "health data": /health data of your patients/, "instruction": /documented instruction \(GDPR, art\. 28\)/, "withdrawal": /withdraw your consent at any time, by one act, without a reason/,
    "refusing": /Refusing has no other effect/, "controller": /Controller of your practice: .*Éditeur Exemple/, "officer": /DPO: dpo@vendor/, "purposes": /Purposes: to carry out/, "bases": /Legal bases: .*legitimate interest/,
    "mandatory": /Mandatory data: .*contract; without them access cannot be opened/, "recipients": /Recipients: \S/, "transfers": /Transfers outside the European Union: \S/, "retention": /Retention: IP address 150 days/,
    "rights of the person": /access, rectification, erasure, restriction, objection, portability, directives after death, withdrawal/, "complaint": /Complaint: CNIL/, "further use": /Further use for another purpose: none/,
  },
};

// What the practice's `tcp:base` leads to: whatever comes goes back.
const echo = () => new Promise((ready) => {
  const server = createServer((socket) => socket.pipe(socket).on("error", () => {}));
  server.listen(facts().tcp.port, "127.0.0.1", () => ready(server));
});

const shown_code = async (page, w, name) => (await page.getByLabel(w("code_of", { name }), { exact: true }).locator(".code-group").allInnerTexts()).join("-");
const reads_on_screen = (page, text) => until(`the mirror to show ${text}`, async () => (await page.locator(".glass:visible .xterm-rows").innerText()).includes(text));
const session = async (page) => (await state_of(page)).sessions[0];

function steps(way_of, closer) {
  return [
    [`a doctor signs in, ${closer}`, async (s) => {
      await arrive(s.me);
      await s.way.fill(s.page.getByLabel(s.w("login")), owner.login);
      await s.way.fill(s.page.getByLabel(s.w("password"), { exact: true }), owner.password);
      await s.way.press(button(s.page, s.w("sign_in_button")));
      await heading(s.page, s.w("closed_title")).waitFor();
    }],
    [`a request appears by itself; every item of the notice is on the screen, ${closer}`, async (s) => {
      s.id = await ask("alice", "--tools", "shell,files,tcp:base");
      await heading(s.page, s.w("request_title", { name: alice, system })).waitFor();
      s.told_after = (Date.now() - Date.parse((await state_of(s.page)).requests[0].requested_at)) / 1000;
      expect("a title that tells", /^\(1\)/.test(await s.page.title()), await s.page.title());
      const facts_shown = await text_of(s.page.locator("dl.facts"));
      for (const word of [alice, "Technicien de maintenance", "Éditeur Exemple", "France", "Panne d impression depuis ce matin", "DOS-1", system, "30 minutes"])
        expect(`the facts to say ${word}`, facts_shown.includes(word), facts_shown);
      await s.way.press(s.page.getByText(s.w("learn_more"), { exact: true }));
      const notice = await text_of(part_named(s.page, s.w("notice_title")));
      for (const [what, words] of Object.entries(owed[s.me.language])) expect(`the notice to say ${what}`, words.test(notice), notice);
      expect("nothing ticked in advance", (await s.page.locator("main input:checked").count()) === 0);
      const [yes, no] = [button(s.page, s.w("accept")), button(s.page, s.w("refuse"))];
      const same = (a, b) => Math.abs(a.width - b.width) < 2 && Math.abs(a.height - b.height) < 2;
      expect("two equal buttons", same(await yes.boundingBox(), await no.boundingBox()));
      const look_of = (b) => b.evaluate((e) => ((c) => [c.color, c.backgroundColor, c.borderColor, c.fontWeight].join())(getComputedStyle(e)));
      expect("two buttons that look alike", (await look_of(yes)) === (await look_of(no)));
    }],
    [`it was on the screen within two seconds, ${closer}`, (s) => expect("less than 2 s", s.told_after < 2, s.told_after)],
    [`agreeing takes two acts, and the code on the screen is what ssh accepts, ${closer}`, async (s) => {
      await s.way.press(button(s.page, s.w("accept")));
      await s.way.press(button(s.page, s.w("confirm_yes")));
      await heading(s.page, s.w("live_open", { name: alice, system })).waitFor();
      hear("alice", await shown_code(s.page, s.w, alice));
      await take_config("alice", s.id);
      s.client = terminal("alice");
      s.client.say("PS1='pret> '; echo bon''jour d ici\n");
      await s.client.prints("bonjour d ici");
      await heading(s.page, s.w("live_title", { name: alice, system })).waitFor();
      const [given] = await record_of(s.id, "consent");
      expect("a consent in two acts at most", Number(given.acts_count ?? 9) <= 2, given.acts_count);
    }],
    [`the live mirror shows what is typed and what answers; people, files and forwards are listed, ${closer}`, async (s) => {
      await reads_on_screen(s.page, "bonjour d ici");
      s.client.say("echo $((6 * 7)) lignes\n");
      await reads_on_screen(s.page, "echo $((6 * 7)) lignes");
      await reads_on_screen(s.page, "42 lignes");
      await part_named(s.page, s.w("people")).getByText(s.w("person_here"), { exact: true }).waitFor();
      await sh(`printf 'put %s pilote-imprimante.txt\\n' "$2" | sftp -q -F "$lab/tech/alice/ssh/config" -b - "$1"`, technician_host, new URL("../README.md", import.meta.url).pathname);
      await part_named(s.page, s.w("files")).getByText("pilote-imprimante.txt").waitFor();
      s.echo = await echo();
      const there = createServer();
      const port = await new Promise((done) => there.listen(0, "127.0.0.1", () => { const { port } = there.address(); there.close(() => done(port)); }));
      await sh(`ssh -F "$lab/tech/alice/ssh/config" -O forward -L "127.0.0.1:$1:base:$2" "$3"`, String(port), String(facts().tcp.port), technician_host);
      s.through = connect(port, "127.0.0.1");
      s.through.write("salut");
      expect("the service to answer", String(await new Promise((heard) => s.through.once("data", heard))) === "salut");
      await part_named(s.page, s.w("forwards")).getByRole("row", { name: /base/ }).waitFor();
      s.through.destroy();
      s.echo.close();
    }],
    [`pause and resume take one act each, ${closer}`, async (s) => {
      await s.way.press(button(s.page, s.w("pause")));
      await button(s.page, s.w("resume")).waitFor();
      s.client.say("echo apres''pause\n");
      await s.page.locator(".note-hold").waitFor();
      expect("held", (await session(s.page)).hold === "PAUSED");
      expect("nothing ran during the pause", !s.client.output.includes("aprespause"));
      if (way_of === by_mouse) await look(s.me, "paused", { whole_page: false });
      await s.way.press(button(s.page, s.w("resume")));
      await button(s.page, s.w("pause")).waitFor();
      s.client.say("echo re''prise\n");
      await s.client.prints("reprise");
      expect("what was typed in the pause never happened", !s.client.output.includes("aprespause"));
      if (way_of === by_mouse) await look(s.me, "live");
      else await look(s.me, "live", { languages: ["en"], schemes: ["dark"] });
    }],
    [`stop takes one act, without a question, ${closer}`, async (s) => {
      await s.way.press(button(s.page, s.w("stop")));
      await s.client.gone;
      await end_on_the_page(s.me);
      const end = await end_record(s.id);
      expect("ended because it was withdrawn", end.end_cause === "WITHDRAWN", end);
      if (way_of === by_mouse) await look(s.me, "ended");
    }],
    [`the report arrives by itself, is read and commented, ${closer}`, async (s) => {
      await report("alice", s.id, "Relance faite, page de test imprimee.");
      const arrived = part_named(s.page, s.w("reported_title_one"));
      await arrived.waitFor();
      if (way_of === by_mouse) await look(s.me, "reported");
      await s.way.press(arrived.getByRole("link").first());
      await heading(s.page, s.w("intervention_title", { name: alice, system })).waitFor();
      await part_named(s.page, s.w("summary")).getByText("Relance faite, page de test imprimee.").waitFor();
      await s.way.press(button(s.page, s.w("mark_read")));
      await button(s.page, s.w("mark_read")).waitFor({ state: "detached" });
      await s.way.fill(s.page.getByLabel(s.w("comment_label")), "Imprimante du couloir aussi.");
      await s.way.press(s.page.getByLabel(s.w("contest_label")));
      await s.way.press(button(s.page, s.w("comment_send")));
      await part_named(s.page, s.w("comments")).locator("li", { hasText: "Imprimante du couloir aussi." }).getByText(s.w("contested"), { exact: true }).waitFor();
      await until("the comment in the vendor's log", async () => JSON.stringify(await records_of(s.id, "gateway")).includes("Imprimante du couloir aussi."));
    }],
    [`my interventions finds it again, and this browser verifies its proof, ${closer}`, async (s) => {
      await s.way.press(s.page.getByRole("link", { name: s.w("nav_interventions"), exact: true }));
      await s.way.fill(s.page.getByLabel(s.w("search")), "alice");
      await s.way.press(button(s.page, s.w("search_button")));
      const found = s.page.getByRole("region", { name: s.w("results") });
      await s.way.press(found.locator(`a[href$="${s.id}"]`));
      await s.way.press(button(s.page, s.w("proof_check")));
      const proof = part_named(s.page, s.w("proof"));
      await proof.getByText(s.w("proof_ok")).waitFor();
      expect("four steps verified", (await proof.locator(".step-ok").count()) === 4, await text_of(proof));
      if (way_of === by_mouse) await look(s.me, "intervention");
    }],
    [`the receipt is downloaded, and pontlevis-audit accepts it, ${closer}`, async (s) => {
      await s.way.press(s.page.getByRole("link", { name: s.w("receipt"), exact: true }));
      await heading(s.page, s.w("receipt_title")).waitFor();
      const coming = s.page.waitForEvent("download");
      await s.way.press(button(s.page, s.w("download_json")));
      const path = `${lab}/receipt-${s.me.language}.jsonld`;
      await (await coming).saveAs(path);
      s.receipt = path;
      if (way_of === by_mouse) await look(s.me, "receipt");
      await sh(`program audit verify --receipt "$1"`, path);
    }],
  ];
}

export const by_mouse_in_french = () => story("path by mouse", [
  ...steps(by_mouse, "by mouse in French"),
  ["a page that is fed a tampered proof says so", async (s) => {
    for (const [what, change] of Object.entries({
      "a value on the screen": (v) => v.records.find((r) => r.fields.type === "session_end").fields.end_cause = "DONE",
      "an entry": (v) => (v.evidence.records[1].entry = v.evidence.records[0].entry),
      "a place in the log": (v) => (v.evidence.records[0].proof[0] = Buffer.alloc(32, 7).toString("base64")),
      "the signed state": (v) => (v.evidence.checkpoint = v.evidence.checkpoint.replace(/\n(\d+)\n/, (_, n) => `\n${Number(n) + 1}\n`)),
    })) {
      await s.page.route(`**/api/interventions/${s.id}`, async (route) => {
        const answer = await route.fetch();
        const value = await answer.json();
        change(value);
        await route.fulfill({ response: answer, json: value });
      });
      await go(s.me, "#/interventions");
      await go(s.me, `#/interventions/${s.id}`);
      await button(s.page, s.w("proof_check")).click();
      await part_named(s.page, s.w("proof")).getByText(s.w("proof_wrong")).waitFor().catch(() => {
        throw new Error(`the page did not notice that ${what} was changed`);
      });
      if (what === "an entry") await look(s.me, "proof-wrong", { languages: ["fr"] });
      await s.page.unroute(`**/api/interventions/${s.id}`);
    }
  }],
  ["a receipt in which one word was changed is not accepted", async (s) => {
    const changed = readFileSync(s.receipt, "utf8").replace("Panne d impression depuis ce matin", "Panne d impression depuis ce soir");
    expect("a changed receipt", changed !== readFileSync(s.receipt, "utf8"));
    await sh(`printf '%s' "$2" >"$1.changed"; ! program audit verify --receipt "$1.changed"`, s.receipt, changed);
  }],
], {
  before: async (s) => begin(s, by_mouse, await person({ language: "fr" })),
  after: close,
});

export const by_keyboard_in_english = (viewport) => story("path by keyboard", steps(by_keyboard, "by keyboard in English on a dark phone"), {
  before: async (s) => begin(s, by_keyboard, await person({ language: "en", scheme: "dark", viewport })),
  after: close,
});

function begin(s, way_of, me) {
  Object.assign(s, { me, page: me.page, w: me.w, way: way_of(me.page) });
}

async function close(s) {
  s.client?.child.kill();
  s.through?.destroy();
  s.echo?.close();
  await s.me?.leave();
}
