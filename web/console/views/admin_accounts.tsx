// Accounts of the vendor's people: made, reset, removed. A password and a seed are shown once.
import { useState } from "preact/hooks";
import { date_only } from "../../shared/i18n";
import { part, post, remove } from "../api";
import type { Account, NewAccount, Role } from "../contract";
import { Loading, useAct, usePages, useTitle } from "../hooks";
import { t } from "../messages/index";
import { Confirm } from "../parts/confirm";
import { Select, TextField } from "../parts/field";
import { SecretOnce } from "../parts/secret_once";
import { Outcome } from "../parts/step_up";
import { who } from "../who";

const roles: readonly Role[] = ["technician", "administrator", "compliance", "auditor"];

function Add({ made }: { made: (account: NewAccount) => void }) {
  const empty = { login: "", name: "", role: "technician" as Role, until: "" };
  const [form, set_form] = useState(empty);
  const act = useAct();
  const set = (change: Partial<typeof form>) => set_form({ ...form, ...change });
  const submit = (event: Event) => {
    event.preventDefault();
    void act.run(async () => (made(await post<NewAccount>("/accounts", { login: form.login.trim(), name: form.name.trim(), role: form.role, until: form.until || null })), set_form(empty)));
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="add-account">
      <h2 id="add-account">{t("ad_account_add")}</h2>
      <div class="two">
        <TextField id="account-login" label={t("ad_login")} help={t("ad_name_help")} required pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?" value={form.login} change={(login) => set({ login })} />
        <TextField id="account-name" label={t("ad_full_name")} required maxLength={100} value={form.name} change={(name) => set({ name })} />
        <Select id="account-role" label={t("ad_role")} value={form.role} choices={roles.map((r) => [r, t(`role_${r}`)] as const)} change={(role) => set({ role: role as Role })} />
        <TextField id="account-until" type="date" label={t("ad_until")} help={t("ad_until_help")} required={form.role === "auditor"} optional={form.role !== "auditor"} value={form.until} change={(until) => set({ until })} />
      </div>
      <Outcome act={act} />
      <button class="button main" disabled={act.busy}>{t("ad_account_button")}</button>
    </form>
  );
}

function AccountRow({ account, made, changed }: { account: Account; made: (account: NewAccount) => void; changed: () => void }) {
  const [resetting, removing] = [useAct(), useAct()];
  const address = `/accounts/${part(account.login)}`;
  const myself = who.get().me?.login === account.login;
  return (
    <li>
      <div>
        <strong>{account.name}</strong> <span class="small mono">{account.login}</span> <span class="tag">{t(`role_${account.role}`)}</span> {account.locked && <span class="tag tag-strong">{t("ad_locked")}</span>}
        <br /><span class="muted">{t("ac_since", { date: date_only(account.created_at) })}{account.until && ` · ${t("ac_token_until", { date: date_only(account.until) })}`}{account.oidc_subject && ` · ${t("ad_account_oidc")}`}</span>
      </div>
      {!myself && (
        <div class="actions">
          <Confirm label={t("ad_account_reset")} about={account.name} question={t("ad_account_reset_sure", { name: account.name })} yes={t("ad_account_reset_yes")} act={resetting} run={async () => made(await post<NewAccount>(`${address}/reset`))} />
          <Confirm label={t("remove")} about={account.name} tone="stop" question={t("ad_account_remove_sure", { name: account.name })} yes={t("ad_account_remove_yes")} act={removing} run={async () => (await remove(address), changed())} />
        </div>
      )}
    </li>
  );
}

export function AdminAccounts() {
  const list = usePages<Account>("/accounts");
  const [once, set_once] = useState<NewAccount | null>(null);
  useTitle(t("ad_accounts"));
  const made = (account: NewAccount) => (set_once(account), list.again(), scrollTo(0, 0));
  return (
    <>
      <h1>{t("ad_accounts")}</h1>
      <p class="muted">{t("recorded")}</p>
      {once && <SecretOnce once={once} hide={() => set_once(null)} />}
      <Loading of={list}>
        <section class="card" aria-label={t("ad_accounts")}>
          <ul class="rows">{list.value?.map((a) => <AccountRow key={a.login} account={a} made={made} changed={list.again} />)}</ul>
          {list.more && <button type="button" class="button quiet" onClick={list.more}>{t("more")}</button>}
        </section>
      </Loading>
      <Add made={made} />
    </>
  );
}
