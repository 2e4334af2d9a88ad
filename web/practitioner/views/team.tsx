// Who of the practice may decide, and until when. Every delegation and its end is recorded.
import { useState } from "preact/hooks";
import { date_only, short_date_time } from "../../shared/i18n";
import { DataTable } from "../../shared/parts/data_table";
import { part, post } from "../api";
import type { Member, Person, Role } from "../contract";
import { FocusHeading, Loading, Problem, useAct, useLoad } from "../hooks";
import { t } from "../messages/index";
import { word_of } from "../messages/codes";

const roles: Role[] = ["OWNER", "DELEGATE", "OBSERVER"];
const nobody = { login: "", name: "", role: "" as Role | "", password: "", until: "" };

function Remove({ member, done }: { member: Member; done: () => void }) {
  const [asked, set_asked] = useState(false);
  const act = useAct();
  if (!asked) return <button type="button" class="button quiet" onClick={() => set_asked(true)}>{t("remove")}<span class="unseen"> {member.name}</span></button>;
  return (
    <div class="note">
      <FocusHeading level={3}>{t("remove_title", { name: member.name })}</FocusHeading>
      <p>{t("remove_text")}</p>
      <Problem problem={act.problem} />
      <div class="pair-buttons">
        <button type="button" class="button choice" disabled={act.busy} onClick={() => void act.run(async () => (await post(`/api/team/${part(member.login)}/remove`), done()))}>{t("remove_yes")}</button>
        <button type="button" class="button choice" onClick={() => set_asked(false)}>{t("back")}</button>
      </div>
    </div>
  );
}

function Add({ done }: { done: () => void }) {
  const [draft, set_draft] = useState(nobody);
  const act = useAct();
  const set = (change: Partial<typeof nobody>) => set_draft({ ...draft, ...change });
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      await post("/api/team", { ...draft, login: draft.login.trim(), name: draft.name.trim(), until: draft.until || null });
      set_draft(nobody);
      done();
    });
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="add">
      <h2 id="add">{t("team_add")}</h2>
      <div class="columns">
        <div><label for="member-name">{t("full_name")}</label><input id="member-name" required minLength={3} maxLength={200} autocomplete="off" value={draft.name} onInput={(e) => set({ name: e.currentTarget.value })} /></div>
        <div><label for="member-login">{t("login")}</label><input id="member-login" required autocomplete="off" autocapitalize="none" spellcheck={false} value={draft.login} onInput={(e) => set({ login: e.currentTarget.value })} /></div>
        <div>
          <label for="member-role">{t("role")}</label>
          <select id="member-role" required value={draft.role} onChange={(e) => set({ role: e.currentTarget.value as Role })}>
            <option value="">{t("choose")}</option>
            {roles.map((r) => <option key={r} value={r}>{word_of(r)} – {t(`role_${r}`)}</option>)}
          </select>
        </div>
        <div><label for="member-until">{t("until_optional")}</label><input id="member-until" type="date" value={draft.until} onInput={(e) => set({ until: e.currentTarget.value })} /></div>
        <div><label for="member-password">{t("first_password")}</label><input id="member-password" type="password" required autocomplete="new-password" value={draft.password} onInput={(e) => set({ password: e.currentTarget.value })} /></div>
      </div>
      <Problem problem={act.problem} />
      <button class="button main" disabled={act.busy}>{t("team_add_button")}</button>
    </form>
  );
}

// A person's login; or the machine's user, where it was done on the command line.
const who = (by: string): string => (by.startsWith("local user ") ? t("local_user", { name: by.slice(11) }) : by);

export function TeamView({ person }: { person: Person }) {
  const loaded = useLoad<{ members: Member[] }>("/api/team");
  const members = loaded.value?.members ?? [];
  const [now, gone] = [members.filter((m) => !m.removed_at), members.filter((m) => m.removed_at)];
  const owner = person.role === "OWNER";
  return (
    <>
      <h1>{t("team")}</h1>
      <p class="big-line">{t("team_text")}</p>
      <Loading of={loaded}>
        <section class="card" aria-labelledby="members">
          <h2 id="members">{t("members")}</h2>
          <ul class="members">
            {now.map((m) => (
              <li key={m.login}>
                <div><strong>{m.name}</strong> <span class="tag">{word_of(m.role)}</span><br /><span class="muted">{m.login} · {t("added", { when: date_only(m.added_at), name: who(m.added_by) })}{m.until && ` · ${t("until", { when: date_only(m.until) })}`}</span></div>
                {owner && m.login !== person.login && <Remove member={m} done={loaded.again} />}
              </li>
            ))}
          </ul>
        </section>
        {owner ? <Add done={loaded.again} /> : <p class="note">{t("team_owner_only")}</p>}
        <section class="card" aria-labelledby="history">
          <h2 id="history">{t("history")}</h2>
          {gone.length ? <DataTable caption={t("history")} hide_caption head={[t("full_name"), t("role"), t("from"), t("removed")]} rows={gone.map((m) => [m.name, word_of(m.role), short_date_time(m.added_at), `${short_date_time(m.removed_at)} · ${who(m.removed_by ?? "")}`])} /> : <p class="muted">{t("history_none")}</p>}
        </section>
      </Loading>
    </>
  );
}
