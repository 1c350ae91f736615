// Keys as they are drawn on a keyboard.

export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className="flex items-center gap-1">
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line-strong bg-sunken px-1 text-xs text-muted"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
