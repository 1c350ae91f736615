// Vectors on the wire: numbers, or base64 of little-endian 32-bit floats.

const bytesPerFloat = 4;

export function encodeVector(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * bytesPerFloat);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * bytesPerFloat));
  return bytes.toString("base64");
}

/** Undefined when the text is not base64 of whole floats. */
export function decodeVector(text: string): number[] | undefined {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === 0 || bytes.length % bytesPerFloat !== 0) return undefined;
  const vector: number[] = [];
  for (let offset = 0; offset < bytes.length; offset += bytesPerFloat) vector.push(bytes.readFloatLE(offset));
  return vector;
}
