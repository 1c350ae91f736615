// JSON in a text editor: coloured, with marks at the lines that have problems, suggestions, and an undo of its own.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "react";
import { completion } from "./completion.ts";
import { editorLook } from "./editor-look.ts";
import type { Suggestions } from "./suggestions.ts";

export type LineProblem = {
  readonly from: number;
  readonly to: number;
  readonly severity: "error" | "warning";
  readonly message: string;
};

export type JsonEditorProps = {
  /** What it holds, for those who hear the page. */
  readonly label: string;
  readonly text: string;
  /** Absent: it can only be read. */
  readonly onText?: ((text: string) => void) | undefined;
  readonly problems?: readonly LineProblem[];
  readonly suggest?: (text: string, offset: number) => Suggestions | undefined;
};

export function JsonEditor({ label, text, onText, problems, suggest }: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const newest = useRef({ text, onText, suggest });
  useEffect(() => {
    newest.current = { text, onText, suggest };
  });
  const readOnly = onText === undefined;
  useEffect(() => {
    if (host.current === null) return;
    const told = EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) newest.current.onText?.(state.doc.toString());
    });
    const words = completion((now, offset) => newest.current.suggest?.(now, offset));
    const extensions = [...basics(label, readOnly), words, told];
    const view = new EditorView({ parent: host.current, doc: newest.current.text, extensions });
    editor.current = view;
    return () => view.destroy();
  }, [label, readOnly]);
  useEffect(() => {
    const view = editor.current;
    if (view !== undefined && view.state.doc.toString() !== text) view.dispatch({ changes: changeTo(view, text) });
  }, [text]);
  useEffect(() => {
    const view = editor.current;
    if (view === undefined) return;
    const end = view.state.doc.length;
    const marks = (problems ?? []).map((problem): Diagnostic => ({
      ...problem,
      from: Math.min(problem.from, end),
      to: Math.min(problem.to, end),
    }));
    view.dispatch(setDiagnostics(view.state, marks));
  }, [problems]);
  return <div ref={host} className="h-full min-h-0 overflow-hidden" />;
}

function basics(label: string, readOnly: boolean): Extension[] {
  return [
    lineNumbers(),
    lintGutter(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    json(),
    EditorState.tabSize.of(2),
    EditorState.readOnly.of(readOnly),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label }),
    keymap.of([...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"), ...historyKeymap]),
    editorLook,
  ];
}

/** The part that differs: what stands before and after it keeps its place, and so does the cursor. */
function changeTo(view: EditorView, text: string) {
  const before = view.state.doc.toString();
  const most = Math.min(before.length, text.length);
  let start = 0;
  while (start < most && before[start] === text[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: text.slice(start, text.length - end) };
}
