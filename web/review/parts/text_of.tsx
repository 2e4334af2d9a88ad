// A text that the gateway writes (a certificate, a notice, a register entry): fetched when asked for, read in place,
// saved as a file. It is shown as text, whatever it holds: nothing of it can become a script.
import { useEffect, useState } from "preact/hooks";
import { language, useLanguage, type Language } from "../../shared/i18n";
import { plain_html } from "../plain_html";
import { save_blob } from "../../shared/save";
import { Problem, useAct } from "../../console/hooks";
import { t } from "../messages/index";

export function TextOf({ name, about, fetch_text, extension = "txt" }: { name: string; about?: string; fetch_text: (language: Language) => Promise<Blob>; extension?: "txt" | "html" }) {
  useLanguage();
  const [shown, set_shown] = useState<{ blob: Blob; text: string } | null>(null);
  const act = useAct();
  useEffect(() => set_shown(null), [name, language()]);
  const read = () => act.run(async () => {
    const blob = await fetch_text(language());
    const text = await blob.text();
    set_shown({ blob, text: extension === "html" ? plain_html(text) : text });
  });
  const hidden = about && <span class="unseen"> {about}</span>;
  if (!shown) return <div><button type="button" class="button quiet" disabled={act.busy} onClick={() => void read()}>{t("read_text")}{hidden}</button><Problem problem={act.problem} /></div>;
  return (
    <div>
      <div class="actions">
        <button type="button" class="button quiet" onClick={() => set_shown(null)}>{t("hide_text")}{hidden}</button>
        <button type="button" class="button quiet" onClick={() => save_blob(`${name}.${extension}`, shown.blob)}>{t("save_text")}{hidden}</button>
      </div>
      <pre class={`paper-text verbatim ${extension === "txt" ? "as-typed" : ""}`} tabIndex={0} role="region" aria-label={about ?? t("read_text")}>{shown.text}</pre>
    </div>
  );
}
