// The words of a simple HTML text, for reading in place: tags become line breaks, nothing is run or fetched. The
// file itself is saved as it came.
const breaks = /<\/(?:h[1-6]|p|li|tr|dt|dd|div|section|table|ul|ol|dl|header|footer|caption)>|<br\s*\/?>/gi;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", "#39": "'" };

export function plain_html(html: string): string {
  const body = html.replace(/<(head|script|style)\b[\s\S]*?<\/\1>/gi, "").replace(/\s+/g, " ");
  const lines = body.replace(breaks, "\n").replace(/<\/t[hd]>/gi, "  ").replace(/<[^>]*>/g, "");
  const text = lines.replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => entities[name]!);
  return text.split("\n").map((l) => l.trim()).filter((l, n, all) => l || all[n - 1]).join("\n").trim();
}
