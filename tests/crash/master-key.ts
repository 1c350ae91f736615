// The arena's master secret, known so that what servers encrypted can be read after them.

export const masterKey = Buffer.alloc(32, 11);
