// A sentence of the server, whose words between backticks are set as code.

export function Marked({ text }: { readonly text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // The parts of one sentence never change their places.
      <code key={index} className="text-sm">
        {part}
      </code>
    ),
  );
}
