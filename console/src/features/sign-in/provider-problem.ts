// Why a provider's answer opened nothing, in words.

const sentences: Readonly<Record<string, string>> = {
  account_not_linked:
    "There is an account with this address, and it is not linked to that identity. Sign in another way, then link it on your account page.",
  sign_up_refused: "This server takes invited people only. Ask a member of a workspace to invite this address.",
  unable_to_create_user: "This server takes invited people only. Ask a member of a workspace to invite this address.",
  access_denied: "The sign-in was ended at the provider. Try again, or choose another way.",
  state_mismatch: "The sign-in was begun in another browser, or took too long. Start again here.",
  please_restart_the_process: "The sign-in took too long. Start again here.",
  email_not_found: "The provider did not give an e-mail address. Allow it there, or choose another way.",
};

/** @param code of the address' `error`, which anyone can write: it is never shown. */
export function providerProblem(code: string): string {
  return sentences[code.toLowerCase()] ?? "The sign-in did not work. Try again, or choose another way.";
}
