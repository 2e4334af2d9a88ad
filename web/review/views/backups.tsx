// Backups: whether they are made, checked and removed in time, and when a restore was last tried.
import { bytes, date_only, date_time, number, short_date_time } from "../../shared/i18n";
import { useState } from "preact/hooks";
import { post } from "../../console/api";
import { Loading, useLoad, useTitle } from "../../console/hooks";
import { Select } from "../../console/parts/field";
import { Pairs } from "../../console/parts/words";
import type { BackupRow, BackupState } from "../contract";
import { word } from "../messages/codes";
import { t } from "../messages/index";
import { may_deliver } from "../access";
import { Deed } from "../parts/deed";
import { Grid } from "../parts/grid";
import { Card, DueDay, Tag, type Tone } from "../parts/small";

const tones: Record<BackupRow["state"], Tone> = { KEPT: "good", EXPIRED: "plain", FAILED: "bad" };

// The yearly try of a restore, done by the person who runs the gateway on another machine (requirements A12).
function RestoreTest({ items, changed }: { items: BackupRow[]; changed: () => void }) {
  const [sha256, set_sum] = useState("");
  const kept = items.filter((b) => b.kind === "DATA" && b.state === "KEPT");
  if (!may_deliver() || !kept.length) return null;
  return (
    <Deed label={t("bk_tested")} what={<p>{t("bk_tested_what")}</p>} yes={t("bk_tested_yes")} ready={sha256 !== ""} send={() => post("/backups/restore-test", { sha256 })} done={changed}>
      <Select id="restore-test" label={t("bk_tested_which")} required value={sha256} choices={[["", t("choose")], ...kept.map((b) => [b.sha256, `${short_date_time(b.at)} – ${b.file}`] as const)]} change={set_sum} />
    </Deed>
  );
}

function Table({ items }: { items: BackupRow[] }) {
  if (!items.length) return <p class="muted">{t("bk_none")}</p>;
  const columns = [{ key: "at", head: t("bk_at"), sorted: "descending" as const }, { key: "kind", head: t("bk_kind") }, { key: "state", head: t("bk_state") }, { key: "size", head: t("bk_size"), kind: "number" as const }, { key: "records", head: t("bk_records"), kind: "number" as const }, { key: "until", head: t("bk_until") }, { key: "file", head: t("bk_file") }];
  return (
    <Grid caption={t("bk_title")} columns={columns} lines={items.map((b) => ({ key: `${b.at}${b.kind}`, tone: b.state === "FAILED" ? "bad" as const : undefined, cells: {
      at: short_date_time(b.at), kind: word(b.kind, "backup"), state: <><Tag tone={tones[b.state]}>{word(b.state, "backup")}</Tag>{b.why && <><br /><span class="small">{b.why}</span></>}</>,
      size: b.bytes ? bytes(b.bytes) : "–", records: number(b.log_size), until: date_only(b.expires_on), file: <span class="mono">{b.file}</span>,
    } }))} />
  );
}

export function BackupsView() {
  const loaded = useLoad<BackupState>("/backups");
  const b = loaded.value;
  useTitle(t("bk_title"));
  return (
    <>
      <h1>{t("bk_title")}</h1>
      <p class="lead">{t("bk_text")}</p>
      <Loading of={loaded}>
        {b && (
          <>
            <Card title={t("bk_state")} id="state">
              {!b.recipient && <p class="note note-bad"><strong>{t("bk_no_recipient")}</strong></p>}
              {b.late && <p class="note note-bad"><strong>{t("bk_late")}</strong></p>}
              <Pairs rows={[
                [t("bk_last"), b.last ? date_time(b.last.at) : t("never")], [t("bk_next"), b.next ? date_time(b.next) : null], [t("bk_restore"), b.restore_tested_at ? date_only(b.restore_tested_at) : t("never")],
                b.restore_test_due ? [t("bk_restore_due"), <DueDay due={b.restore_test_due} late={Date.parse(b.restore_test_due) < Date.now()} />] : null, [t("bk_folder"), <span class="mono">{b.folder}</span>],
              ]} />
              <RestoreTest items={b.items} changed={loaded.again} />
            </Card>
            <Card title={t("bk_title")} id="backups"><Table items={b.items} /></Card>
          </>
        )}
      </Loading>
    </>
  );
}
