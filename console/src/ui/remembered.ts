// A choice that the browser keeps between visits: theme, language of code, density of tables.

export type Remembered = {
  /** Undefined until something was chosen. */
  readonly get: () => string | undefined;
  readonly set: (value: string | undefined) => void;
  readonly listen: (listener: () => void) => () => void;
};

/** @param name its key in the browser's storage; without storage the choice lasts as long as the page. */
export function remembered(name: string): Remembered {
  const listeners = new Set<() => void>();
  let value = read(name);
  return {
    get: () => value,
    set(next) {
      value = next;
      write(name, next);
      for (const tell of listeners) tell();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Storage may be closed to us.
  }
}
