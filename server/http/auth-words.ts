// What is said when a step of signing in is refused: what happened, and what to do. By the reason that the answer also
// carries as `details.reason`.

export const refusalWords: { readonly [reason: string]: readonly [message: string, hint: string] } = {
  invalid_email_or_password: [
    "The e-mail address or the password is wrong.",
    "Check both, or choose another way of signing in.",
  ],
  invalid_email: ["This is not an e-mail address.", "Enter one such as ada@example.com."],
  invalid_password: ["The password is wrong.", "Enter the password of your account."],
  password_too_short: ["The password is too short.", "Choose one of at least 12 characters."],
  password_too_long: ["The password is too long.", "Choose one of at most 128 characters."],
  user_already_exists_use_another_email: [
    "There is an account with this address.",
    "Sign in to it, or choose a new password for it.",
  ],
  email_not_verified: ["The e-mail address is not confirmed yet.", "Open the link in the letter that is on its way."],
  email_taken: ["Another account has this e-mail address.", "Use a different one."],
  invalid_token: ["The link was used or has ended.", "Ask for another one."],
  token_expired: ["The link has ended.", "Ask for another one."],
  owner_link_ended: [
    "This link was used or has ended.",
    "Run astrolabe owner-link on the server: it prints another one.",
  ],
  invalid_origin: [
    "This page was opened at another address than the server's own.",
    "Open the server's public address and sign in there.",
  ],
  missing_or_null_origin: [
    "The browser did not say which page this comes from.",
    "Open the server's public address and sign in there.",
  ],
  invalid_code: ["The code is wrong.", "Enter the one that your app shows now."],
  invalid_backup_code: ["The backup code is wrong, or was used before.", "Enter one that is left."],
  invalid_two_factor_cookie: ["The sign-in took too long.", "Start again with your password."],
  too_many_attempts_request_new_code: ["Too many wrong codes.", "Start again with your password."],
  account_temporarily_locked: ["Too many wrong codes for this account.", "Wait a quarter of an hour, then try again."],
  failed_to_unlink_last_account: [
    "This is the only way into your account.",
    "Add a password or another identity first.",
  ],
  last_way_in: ["This is the only way into your account.", "Add a password or another passkey first."],
  session_not_fresh: ["Changing how you sign in takes a session of the last hour.", "Sign in again, then repeat it."],
  session_expired: ["Deleting your account takes a session of the last hour.", "Sign in again, then repeat it."],
  unauthorized: ["Nobody is signed in.", "Sign in first."],
  passkey_not_found: ["This server does not know the passkey.", "Sign in another way, then add it to your account."],
  authentication_failed: ["The passkey did not work.", "Try again, or choose another way of signing in."],
  previously_registered: ["This device has a passkey for your account already.", "Use it, or another device."],
};
