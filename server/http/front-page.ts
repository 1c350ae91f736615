// The page at `/`: where this server is and how to send it a first request. No data, no script, no key.

/** @param publicUrl address of the server without a trailing slash; it is shown, so it is escaped. */
export function frontPage(publicUrl: string, version: string): string {
  const address = escapeHtml(publicUrl);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Astrolabe</title>
<style>
  :root { color-scheme: light dark; --ink: #10151f; --paper: #faf8f4; --brass: #8a6d1d; --line: #d9d4c7; }
  @media (prefers-color-scheme: dark) { :root { --ink: #ece8df; --paper: #10151f; --brass: #d4b45a; --line: #2b3342; } }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
  main { max-width: 44rem; margin: 0 auto; padding: 4rem 1.5rem; }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
  pre { border: 1px solid var(--line); border-radius: 6px; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .875rem; }
  a { color: var(--brass); }
</style>
</head>
<body>
<main>
<h1>Astrolabe</h1>
<p>The gateway is running. Its base URL is <code>${address}/v1</code>; the first start printed a key.</p>
<pre>curl ${address}/v1/responses \\
  -H "Authorization: Bearer $ASTROLABE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "astrolabe/auto", "input": "Write one sentence explaining routing stacks."}'</pre>
<p><a href="/ready">Readiness</a> · <a href="/api/openapi.json">OpenAPI</a> · version ${escapeHtml(version)}</p>
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
