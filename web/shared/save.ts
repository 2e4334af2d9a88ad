// Gives the reader a file to keep.
export function save_blob(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// `exact`: one line without a space, the form in which the agent signed it.
export function save_json(name: string, value: unknown, form: "exact" | "spaced" = "spaced"): void {
  const text = form === "exact" ? JSON.stringify(value) : JSON.stringify(value, null, 2) + "\n";
  save_blob(name, new Blob([text], { type: "application/json" }));
}
