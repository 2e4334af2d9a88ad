// xterm.js writes its colours and sizes into <style> elements, which `style-src 'self'` forbids. This gives
// it, and only while it works, stand-ins whose text goes into constructable style sheets instead: the
// policy stays strict. (xterm.js issues 4445 and 4133 ask for the same and offer no option.)
function stand_in(): HTMLElement {
  const element = document.createElement("span");
  const sheet = new CSSStyleSheet();
  const adopt = () => {
    if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };
  const text = { get: () => "", set: (css: string) => (sheet.replaceSync(css ?? ""), adopt()) };
  Object.defineProperty(element, "textContent", text);
  Object.defineProperty(element, "innerText", text);
  Object.defineProperty(element, "sheet", { get: () => sheet });
  element.hidden = true;
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

// Runs `make` with document.createElement("style") answering stand-ins. Xterm makes some later too, so the
// shim stays once it is set; nothing else of the pages makes <style> elements.
let set = false;
export function with_style_shim(): void {
  if (set) return;
  set = true;
  const plain = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) =>
    name.toLowerCase() === "style" ? stand_in() : plain(name, options)) as typeof document.createElement;
}
