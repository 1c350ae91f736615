// Several of a few words, each on or off.

import { cx } from "../../ui/class-names.ts";
import { sentenceCase } from "./field-words.ts";

export type WordTogglesProps = {
  readonly label: string;
  readonly choices: readonly string[];
  readonly words: readonly string[];
  /** In the order of the choices. */
  readonly onWords: (words: string[]) => void;
  readonly disabled?: boolean;
};

export function WordToggles({ label, choices, words, onWords, disabled = false }: WordTogglesProps) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-1">
      {choices.map((word) => {
        const on = words.includes(word);
        return (
          <button
            key={word}
            type="button"
            aria-pressed={on}
            disabled={disabled}
            onClick={() => onWords(choices.filter((choice) => (choice === word ? !on : words.includes(choice))))}
            className={cx(
              "h-7 rounded-full border px-2 text-sm transition-colors disabled:opacity-60 max-md:h-9",
              on ? "border-brass-strong bg-brass-soft text-ink" : "border-line-strong text-muted hover:bg-raised",
            )}
          >
            {sentenceCase(word)}
          </button>
        );
      })}
    </div>
  );
}
