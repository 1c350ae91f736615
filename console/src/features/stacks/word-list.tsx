// A list of words in a form: each can be taken out or moved, and new ones are typed or chosen.

import { ArrowUp, Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { IconButton } from "../../ui/icon-button.tsx";
import { Input } from "../../ui/input.tsx";

export type WordListProps = {
  /** What one word is, such as `model`. */
  readonly of: string;
  readonly words: readonly string[];
  readonly onWords: (words: string[]) => void;
  readonly suggestions?: readonly string[];
  /** The order says something. */
  readonly ordered?: boolean;
  readonly disabled?: boolean;
};

export function WordList({ of, words, onWords, suggestions = [], ordered = false, disabled = false }: WordListProps) {
  const [typed, setTyped] = useState("");
  const listId = useId();
  const add = (): void => {
    const word = typed.trim();
    if (word !== "" && !words.includes(word)) onWords([...words, word]);
    setTyped("");
  };
  const without = (index: number) => words.filter((_, at) => at !== index);
  return (
    <div className="flex flex-col gap-2">
      {words.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {words.map((word, index) => (
            <li key={word} className="flex max-w-full items-center rounded-sm border border-line-strong bg-sunken pl-2">
              <span className="figures truncate text-sm">{ordered ? `${index + 1}. ${word}` : word}</span>
              {ordered && index > 0 && !disabled && (
                <IconButton
                  label={`Move ${word} up`}
                  size="small"
                  icon={<ArrowUp aria-hidden />}
                  onClick={() => onWords(without(index).toSpliced(index - 1, 0, word))}
                />
              )}
              {!disabled && (
                <IconButton
                  label={`Take ${word} out`}
                  size="small"
                  icon={<X aria-hidden />}
                  onClick={() => onWords(without(index))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {!disabled && (
        <div className="flex gap-1">
          <Input
            figures
            value={typed}
            list={listId}
            placeholder={`Add a ${of}`}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              add();
            }}
          />
          <datalist id={listId}>
            {suggestions.map((word) => (
              <option key={word} value={word}>
                {word}
              </option>
            ))}
          </datalist>
          <IconButton
            label={`Add the ${of}`}
            icon={<Plus aria-hidden />}
            onClick={add}
            disabled={typed.trim() === ""}
          />
        </div>
      )}
    </div>
  );
}
