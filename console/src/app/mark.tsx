// The console's mark: the rings and the pointer of an astrolabe.

export function Mark() {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden
      className="size-5 shrink-0 text-brass-strong"
      fill="none"
      stroke="currentColor"
    >
      <circle cx="12" cy="12" r="9.25" strokeWidth="1.5" />
      <circle cx="12" cy="9.75" r="4.5" strokeWidth="1.25" />
      <path d="M4.5 17.5 19.5 6.5" strokeWidth="1.5" strokeLinecap="round" />
    </svg>
  );
}
