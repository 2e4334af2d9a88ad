// The agent's text, exactly as given (its hash is in the consent): paragraphs at empty lines, and the
// question that leads a paragraph in bold. Nothing is added, dropped or reordered.
const leading = /^([^.?!\n]{2,60}[\u00a0\u202f ]?\?)(\s[\s\S]*)$/;

export function lead_of(paragraph: string): [lead: string, rest: string] {
  const parts = leading.exec(paragraph);
  return parts ? [parts[1]!, parts[2]!] : ["", paragraph];
}
export const paragraphs = (text: string): string[] => text.split(/\n[ \t]*\n/).map((p) => p.trim()).filter(Boolean);

export function Notice({ text }: { text: string }) {
  return (
    <>
      {paragraphs(text).map((paragraph, i) => {
        const [lead, rest] = lead_of(paragraph);
        return <p key={i}>{lead && <strong>{lead}</strong>}{rest}</p>;
      })}
    </>
  );
}
