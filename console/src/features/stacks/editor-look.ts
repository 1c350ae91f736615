// How the text editor looks: the console's own colours, in both themes.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--ink)" },
  { tag: tags.string, color: "var(--brass)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--good)" },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: "var(--faint)" },
]);

export const editorLook = [
  syntaxHighlighting(colours),
  EditorView.theme({
    "&": { backgroundColor: "var(--surface)", color: "var(--ink)", fontSize: "var(--text-sm)", height: "100%" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.5rem" },
    ".cm-content": { padding: "8px 0", caretColor: "var(--brass-strong)" },
    ".cm-cursor": { borderLeftColor: "var(--brass-strong)" },
    ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--faint)", borderRight: "1px solid var(--line)" },
    ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--brass-soft) 40%, transparent)" },
    ".cm-activeLineGutter": { backgroundColor: "var(--raised)", color: "var(--ink)" },
    "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--brass-soft) !important" },
    ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--raised)", color: "inherit" },
    ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px dotted var(--bad)" },
    ".cm-lintRange-warning": { backgroundImage: "none", borderBottom: "2px dotted var(--brass-strong)" },
    ".cm-diagnostic": { padding: "4px 8px", borderLeftWidth: "3px" },
    ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
    ".cm-diagnostic-warning": { borderLeftColor: "var(--brass-strong)" },
    ".cm-tooltip": {
      backgroundColor: "var(--surface)",
      color: "var(--ink)",
      border: "1px solid var(--line-strong)",
      borderRadius: "5px",
      boxShadow: "var(--shadow)",
      maxWidth: "min(32rem, 90vw)",
    },
    ".cm-suggestions": { maxHeight: "14rem", overflowY: "auto", padding: "4px", fontFamily: "var(--font-mono)" },
    ".cm-suggestions li": { padding: "2px 8px", borderRadius: "3px", cursor: "pointer", listStyle: "none" },
    ".cm-suggestions li[aria-selected=true]": { backgroundColor: "var(--raised)" },
  }),
];
