// The list of suggestions in the text editor: opens while one writes or by Ctrl-Space, closes by Escape.

import { Prec, StateEffect, StateField, type Extension, type Transaction } from "@codemirror/state";
import { keymap, showTooltip, type Command, type EditorView, type Tooltip } from "@codemirror/view";
import type { Suggestion, Suggestions } from "./suggestions.ts";

type Open = Suggestions & { readonly at: number };

const choose = StateEffect.define<number>();
const show = StateEffect.define<Suggestions | undefined>();

/** @param suggest gives what can be written at an offset; undefined for nothing. */
export function completion(suggest: (text: string, offset: number) => Suggestions | undefined): Extension {
  const fresh = (state: Transaction["state"]): Open | undefined => {
    const found = suggest(state.doc.toString(), state.selection.main.head);
    return found && { ...found, at: 0 };
  };
  const field = StateField.define<Open | undefined>({
    create: () => undefined,
    update(open, transaction) {
      for (const effect of transaction.effects) {
        if (effect.is(show)) return effect.value && { ...effect.value, at: 0 };
        if (effect.is(choose) && open) return { ...open, at: effect.value };
      }
      if (transaction.docChanged) return transaction.isUserEvent("input.type") ? fresh(transaction.state) : undefined;
      return transaction.selection === undefined ? open : undefined;
    },
    provide: (self) => showTooltip.from(self, (open) => (open === undefined ? null : tooltipOf(open))),
  });
  const step =
    (by: number): Command =>
    (view) => {
      const open = view.state.field(field);
      if (open === undefined) return false;
      const at = (open.at + by + open.items.length) % open.items.length;
      view.dispatch({ effects: choose.of(at) });
      return true;
    };
  const accept: Command = (view) => {
    const open = view.state.field(field);
    const item = open?.items[open.at];
    return open !== undefined && item !== undefined && insert(view, open, item);
  };
  const close: Command = (view) => {
    if (view.state.field(field) === undefined) return false;
    view.dispatch({ effects: show.of(undefined) });
    return true;
  };
  const open: Command = (view) => {
    view.dispatch({ effects: show.of(fresh(view.state)) });
    return true;
  };
  return [
    field,
    Prec.highest(
      keymap.of([
        { key: "ArrowDown", run: step(1) },
        { key: "ArrowUp", run: step(-1) },
        { key: "Enter", run: accept },
        { key: "Tab", run: accept },
        { key: "Escape", run: close },
        { key: "Ctrl-Space", run: open },
      ]),
    ),
  ];
}

function insert(view: EditorView, { from, to }: Suggestions, { insert: text }: Suggestion): boolean {
  // Behind the value, or inside of what opens.
  const inside = /(?:\[\]|\{\}|"")$/.test(text) ? 1 : 0;
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + text.length - inside },
    userEvent: "input.complete",
  });
  return true;
}

function tooltipOf(open: Open): Tooltip {
  return { pos: open.from, above: false, create: (view) => ({ dom: listOf(open, view) }) };
}

function listOf(open: Open, view: EditorView): HTMLElement {
  const list = document.createElement("ul");
  list.className = "cm-suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  for (const [index, item] of open.items.entries()) {
    const line = list.appendChild(document.createElement("li"));
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", String(index === open.at));
    line.textContent = item.label;
    if (item.detail !== undefined) line.title = item.detail;
    line.addEventListener("mousedown", (event) => {
      event.preventDefault();
      insert(view, open, item);
    });
    if (index === open.at) requestAnimationFrame(() => line.scrollIntoView({ block: "nearest" }));
  }
  return list;
}
