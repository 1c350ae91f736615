// Reads an upstream's body up to a limit, so that no upstream can fill the memory of this process.

/** Largest answer that is accepted, after decompression. */
export const maxAnswerBytes = 32 * 1024 * 1024;
/** How much of an error page is read. */
export const maxErrorBytes = 64 * 1024;

/** The body as text; `whole` is false when it was cut at `maxBytes`, and the rest is then cancelled. */
export async function readText(response: Response, maxBytes: number): Promise<{ text: string; whole: boolean }> {
  if (hasSafeLength(response, maxBytes)) return { text: await response.text(), whole: true };
  const decoder = new TextDecoder();
  let text = "";
  let left = maxBytes;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
    if (read.value.byteLength > left) {
      text += decoder.decode(read.value.subarray(0, left));
      void reader?.cancel().catch(() => undefined);
      return { text, whole: false };
    }
    left -= read.value.byteLength;
    text += decoder.decode(read.value, { stream: true });
  }
  return { text: text + decoder.decode(), whole: true };
}

/** A stated length bounds the body only when nothing is unpacked on the way. */
function hasSafeLength(response: Response, maxBytes: number): boolean {
  const length = response.headers.get("content-length");
  if (length === null || response.headers.has("content-encoding")) return false;
  return Number(length) <= maxBytes;
}
