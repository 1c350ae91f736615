// Lines to copy, in one or several languages. The chosen language is remembered for the whole console.

import { useSyncExternalStore } from "react";
import { cx } from "./class-names.ts";
import { CopyButton } from "./copy-button.tsx";
import { remembered } from "./remembered.ts";

export type CodeSample = { readonly language: string; readonly code: string };

export type CodeBlockProps = {
  /** What the lines do, for those who hear the page. */
  readonly label: string;
  readonly samples: readonly CodeSample[];
  /** Lines beyond this scroll. */
  readonly tall?: boolean;
};

const language = remembered("astrolabe.language");

export function CodeBlock({ label, samples, tall = false }: CodeBlockProps) {
  const wanted = useSyncExternalStore(language.listen, language.get);
  const shown = samples.find((sample) => sample.language === wanted) ?? samples[0];
  if (shown === undefined) return null;
  return (
    <figure aria-label={label} className="min-w-0 overflow-hidden rounded-md border border-line bg-sunken">
      <div className="flex h-9 items-center justify-between gap-2 border-b border-line pr-1 pl-3">
        <div className="flex h-full gap-3">
          {samples.map((sample) => (
            <button
              key={sample.language}
              type="button"
              aria-pressed={sample === shown}
              onClick={() => language.set(sample.language)}
              className={cx(
                "-mb-px h-full border-b-2 text-sm -outline-offset-2",
                sample === shown ? "border-brass-strong text-ink" : "border-transparent text-muted hover:text-ink",
              )}
            >
              {sample.language}
            </button>
          ))}
        </div>
        <CopyButton text={shown.code} label={`Copy the ${shown.language} lines`} />
      </div>
      <pre
        // Scrolls by keyboard too.
        tabIndex={0}
        aria-label={`${label}, ${shown.language}`}
        className={cx("overflow-auto p-3 text-sm leading-5 -outline-offset-2", !tall && "max-h-96")}
      >
        <code>{shown.code}</code>
      </pre>
    </figure>
  );
}
