// What an operator decides about signing in.

export const signUpPolicies = ["open", "invited", "closed"] as const;
/** Who may make an account: anyone, whoever was invited, or nobody. */
export type SignUpPolicy = (typeof signUpPolicies)[number];

/** A place that vouches for people, besides this server. */
export type IdentityProvider = {
  /** In addresses: `google`, `github`, or the name from the settings in lower case. */
  readonly id: string;
  /** On the button. */
  readonly label: string;
  /** Where its discovery document is; undefined for Google and GitHub, which are known. */
  readonly issuer: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
};

export type IdentitySettings = {
  readonly signUp: SignUpPolicy;
  readonly providers: readonly IdentityProvider[];
};
