// A search that lives in the address: it follows what is typed after a short pause, and what the back button brings.

import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Input } from "./input.tsx";

const pauseMs = 250;

export type SearchInputProps = {
  /** What is searched, as in `Search keys`. */
  readonly label: string;
  /** From the address. */
  readonly value: string | undefined;
  /** Puts it into the address; undefined when it is empty. */
  readonly onValue: (value: string | undefined) => void;
};

export function SearchInput({ label, value = "", onValue }: SearchInputProps) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = typed;
      onValue(typed === "" ? undefined : typed);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [typed, onValue]);
  return (
    <div role="search" className="w-full sm:w-64">
      <Input
        type="search"
        lead={<Search aria-hidden />}
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
