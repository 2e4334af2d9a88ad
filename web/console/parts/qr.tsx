// The seed of an authenticator app as a picture, drawn here: it is sent to nobody. Its code comes when needed.
import { useEffect, useState } from "preact/hooks";

export function path_of(rows: readonly (readonly boolean[])[]): string {
  return rows.map((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("");
}

export function Qr({ text, label }: { text: string; label: string }) {
  const [code, set_code] = useState<{ d: string; size: number } | null>(null);
  useEffect(() => {
    let current = true;
    void import("uqr").then(({ encode }) => {
      const { data, size } = encode(text, { ecc: "M", border: 3 });
      if (current) set_code({ d: path_of(data), size });
    });
    return () => void (current = false);
  }, [text]);
  if (!code) return null;
  return (
    <svg class="qr" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect class="qr-ground" width={code.size} height={code.size} />
      <path class="qr-ink" d={code.d} />
    </svg>
  );
}
