// Text from elsewhere, made harmless for a terminal: names and messages cannot move the cursor or change the window.

const escapeSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/g;
const colourSequence = /^\u001b\[[\d;]*m$/;
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const controlButEscape = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** For messages: tabs and line breaks stay. */
export function printable(text: string): string {
  return text.replaceAll(escapeSequence, "").replaceAll(control, "");
}

/** For cells of tables: one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, " ").trim();
}

/** For lines of logs: colours stay too. */
export function printableLog(text: string): string {
  const kept = text.replaceAll(escapeSequence, (sequence) => (colourSequence.test(sequence) ? sequence : ""));
  return kept.replaceAll(controlButEscape, "").replaceAll(/\u001b(?!\[[\d;]*m)/g, "");
}
