// A row of tabs as ARIA has it: arrows move, one is in the order of the Tab key.
export interface TabName { id: string; name: string }

// `enter`: chosen by a click or Enter, so that the reader wants to be in it; arrows only show it.
export function Tabs({ label, prefix, tabs, chosen, choose, enter = () => {} }: { label: string; prefix: string; tabs: TabName[]; chosen: string; choose: (id: string) => void; enter?: (id: string) => void }) {
  const move = (event: KeyboardEvent, at: number) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length]!;
    choose(next.id);
    document.getElementById(`${prefix}-tab-${next.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label}>
      {tabs.map(({ id, name }, at) => (
        <button type="button" role="tab" class="tab" key={id} id={`${prefix}-tab-${id}`} aria-controls={`${prefix}-panel`} aria-selected={id === chosen} tabIndex={id === chosen ? 0 : -1}
          onKeyDown={(event) => move(event, at)} onClick={() => (choose(id), enter(id))}>{name}</button>
      ))}
    </div>
  );
}
