// Out of a terminal or a desktop by keyboard: keys that hardly any program uses.
export const is_way_out = (event: KeyboardEvent): boolean => event.key === "F6" && event.ctrlKey && event.shiftKey;
