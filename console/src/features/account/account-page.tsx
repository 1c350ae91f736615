// Your account: who you are, how you sign in, where you are signed in, the programs that act as you, and the end of it.

import { useAuthMethods } from "../../api/auth.ts";
import { PageHeader } from "../../ui/page-header.tsx";
import { AccessTokensSection } from "./access-tokens-section.tsx";
import { DeleteSection } from "./delete-section.tsx";
import { IdentitiesSection } from "./identities-section.tsx";
import { PasskeysSection } from "./passkeys-section.tsx";
import { PasswordSection } from "./password-section.tsx";
import { ProfileSection } from "./profile-section.tsx";
import { RecentEventsSection } from "./recent-events-section.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import { TwoFactorSection } from "./two-factor-section.tsx";

export function AccountPage() {
  const { passkey, providers } = useAuthMethods();
  return (
    <>
      <PageHeader title="Your account" description="Who you are here, how you sign in, and where you are signed in." />
      <div className="flex max-w-3xl flex-col gap-4">
        <ProfileSection />
        <PasswordSection />
        {passkey && <PasskeysSection />}
        <TwoFactorSection />
        {providers.length > 0 && <IdentitiesSection />}
        <SessionsSection />
        <AccessTokensSection />
        <RecentEventsSection />
        <DeleteSection />
      </div>
    </>
  );
}
