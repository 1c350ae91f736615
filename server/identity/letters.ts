// The letters that signing in needs. Every link leads to a page of the console, which asks before it uses the link up:
// programs that look at mail before its reader does no harm.

import type { Letter } from "../mail/letter.ts";

const unexpected = "You can ignore this letter if you did not ask for it: nothing changes.";

export function signInLetter(to: string, url: string): Letter {
  return {
    to,
    subject: "Sign in to Astrolabe",
    paragraphs: ["Use this link to sign in. It works once, for 10 minutes."],
    action: { label: "Sign in", url },
    footnote: unexpected,
  };
}

export function resetLetter(to: string, url: string): Letter {
  return {
    to,
    subject: "Choose a new password",
    paragraphs: ["Use this link to choose a new password. It works once, for an hour."],
    action: { label: "Choose a new password", url },
    footnote: unexpected,
  };
}

export function verifyLetter(to: string, url: string): Letter {
  return {
    to,
    subject: "Confirm your e-mail address",
    paragraphs: ["Confirm that this address is yours. The link works for an hour."],
    action: { label: "Confirm the address", url },
    footnote: unexpected,
  };
}

/** To the address that is to be left. */
export function changeAddressLetter(to: string, newAddress: string, url: string): Letter {
  return {
    to,
    subject: "Change of your e-mail address",
    paragraphs: [
      `Your account is to get the address ${newAddress}. Allow it with this link, within an hour; a letter to the new address follows.`,
    ],
    action: { label: "Allow the change", url },
    footnote:
      "If you did not ask for it, someone has access to your account: change your password and end its sessions.",
  };
}

/** Instead of a second account for an address that has one. */
export function existingAccountLetter(to: string, url: string): Letter {
  return {
    to,
    subject: "You have an account already",
    paragraphs: ["Someone, probably you, tried to make an account with this address. It has one: sign in to it."],
    action: { label: "Sign in", url },
    footnote: unexpected,
  };
}

export function passwordChangedLetter(to: string, url: string): Letter {
  return {
    to,
    subject: "Your password was changed",
    paragraphs: ["The password of your account was changed, and every session was ended."],
    action: { label: "Sign in", url },
    footnote: "If it was not you, choose a new password at once and tell the operator of this server.",
  };
}
