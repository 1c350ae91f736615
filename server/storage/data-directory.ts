// The directory that holds the database and the master secret: made for its owner alone, and tried before anything else
// is put into it, so that an operator reads a sentence instead of a system error.

import { accessSync, constants, mkdirSync, statSync } from "node:fs";

const explanations: { readonly [code: string]: string } = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOENT: "it cannot be created there",
  ENOTDIR: "part of the path is a file",
  EEXIST: "there is a file of that name",
  ENOSPC: "the disk is full",
};

/** Makes the directory (0700) when it is absent. @throws Error that names the variable, the path and what is wrong */
export function prepareDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!statSync(path).isDirectory()) throw unusable(path, "there is a file of that name");
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (thrown) {
    if (!(thrown instanceof Error) || !("code" in thrown)) throw thrown;
    throw unusable(path, explanations[String(thrown.code)] ?? String(thrown.code), thrown);
  }
}

function unusable(path: string, why: string, cause?: Error): Error {
  return new Error(`ASTROLABE_DATA_DIR: the directory ${path} cannot be used, ${why}.`, { cause });
}
