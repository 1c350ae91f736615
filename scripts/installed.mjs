// Says whether node_modules holds what package-lock.json asks for, without starting npm. A stamp of the two package
// files answers at once; without one the packages' versions are compared.

import { createHash } from "node:crypto";
import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const stampFile = join("node_modules", ".astrolabe-stamp");

/** @typedef {{ version?: string, integrity?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, extraneous?: boolean, optionalDependencies?: Record<string, string> }} LockedPackage */

/**
 * Whether the installed packages match the lock file. A hit without a stamp leaves one for the next time.
 * @param {string} root The folder of package.json.
 * @param {{ development: boolean }} need Whether the development packages must be there too.
 */
export function isInstalled(root, { development }) {
  const fingerprint = fingerprintOf(root);
  if (readText(join(root, stampFile)) === fingerprint) return true;
  if (!packagesMatch(root, development)) return false;
  if (!isLinked(root)) stampInstalled(root, development);
  return true;
}

/**
 * Notes that node_modules matches the package files as they are now. Nothing is noted unless the development packages
 * are there, so that the stamp holds for every command.
 * @param {string} root
 * @param {boolean} development
 */
export function stampInstalled(root, development) {
  if (development || packagesMatch(root, true)) writeFileSync(join(root, stampFile), fingerprintOf(root));
}

/**
 * Whether the lock file has an entry for every optional package, also those of other platforms.
 * @param {string} root
 */
export function isLockComplete(root) {
  const locked = readPackages(join(root, "package-lock.json")) ?? {};
  return Object.entries(locked).every(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).every(
      (name) => `node_modules/${name}` in locked || `${path}/node_modules/${name}` in locked,
    ),
  );
}

/**
 * A node_modules that is a link belongs to another checkout: it is used, never changed.
 * @param {string} root
 */
export function isLinked(root) {
  return lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** @param {string} root */
function fingerprintOf(root) {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", "package.json"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

/**
 * Compares the lock file with npm's own record of what it installed, which npm writes last.
 * @param {string} root
 * @param {boolean} development
 */
function packagesMatch(root, development) {
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  const locked = readPackages(join(root, "package-lock.json")) ?? {};
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found === undefined) return mayBeAbsent(wanted, development);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * Optional packages are those of other platforms, extraneous ones are wanted by nothing any more.
 * @param {LockedPackage} wanted
 * @param {boolean} development
 */
function mayBeAbsent(wanted, development) {
  return Boolean(wanted.optional || wanted.devOptional || wanted.extraneous || (wanted.dev && !development));
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function readPackages(file) {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
