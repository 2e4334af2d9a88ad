// A first password and a seed, shown once, to be handed to their person.
import { t } from "../messages/index";
import { CopyLine } from "./copy";
import { Qr } from "./qr";

export interface Once { name: string; password: string | null; totp_secret: string | null; otpauth: string | null }

export function SecretOnce({ once, hide }: { once: Once; hide: () => void }) {
  return (
    <section class="card call once" aria-labelledby="once" role="status">
      <h2 id="once">{t("ad_account_once", { name: once.name })}</h2>
      {once.password && <><p>{t("ad_account_password")}</p><CopyLine text={once.password} label={t("ad_account_password")} /></>}
      {once.totp_secret ? (
        <>
          <p>{t("ad_account_seed")}</p>
          <div class="seed">
            {once.otpauth && <Qr text={once.otpauth} label={t("ad_account_qr", { name: once.name })} />}
            <CopyLine text={once.totp_secret} label={t("ad_account_seed")} />
          </div>
        </>
      ) : <p class="muted">{t("ad_account_seed_kept")}</p>}
      <button type="button" class="button main" onClick={hide}>{t("ad_account_given")}</button>
    </section>
  );
}
