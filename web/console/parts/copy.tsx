// A line to copy, and the button that does it; where the browser refuses, the line can be selected.
import { useState } from "preact/hooks";
import { announce } from "../../shared/parts/announce";
import { t } from "../messages/index";

export function CopyLine({ text, label }: { text: string; label: string }) {
  const [done, set_done] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      set_done(true);
      announce(t("copied"));
    } catch {
      set_done(false);
    }
  };
  return (
    <div class="copy-line" role="group" aria-label={label}>
      <pre tabIndex={0}><code>{text}</code></pre>
      <button type="button" class="button quiet" onClick={() => void copy()}>{t(done ? "copied" : "copy")}<span class="unseen"> {label}</span></button>
    </div>
  );
}
