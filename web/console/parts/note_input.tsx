// A signed note that comes from a file: chosen, dropped or pasted. Its text is sent as it is.
import { useState } from "preact/hooks";
import { t } from "../messages/index";
import { TextArea } from "./field";

export function NoteInput({ id, label, value, change }: { id: string; label: string; value: string; change: (text: string) => void }) {
  const [over, set_over] = useState(false);
  const read = async (file: File | undefined) => file && file.size <= 65_536 && change(await file.text());
  const drop = (event: DragEvent) => {
    event.preventDefault();
    set_over(false);
    void read(event.dataTransfer?.files[0]);
  };
  return (
    <div class={`note-input ${over ? "is-over" : ""}`} onDragOver={(e) => (e.preventDefault(), set_over(true))} onDragLeave={() => set_over(false)} onDrop={drop}>
      <TextArea id={id} label={label} rows={5} required value={value} change={change} />
      <label class="button quiet file-button">{t("ad_file")}<span class="unseen"> {label}</span><input type="file" class="unseen" onChange={(e) => void read(e.currentTarget.files?.[0])} /></label>
    </div>
  );
}
