// Puts together what people in workspaces are about: members, invitations, access review, and what operators decide.

import { randomBytes } from "node:crypto";
import type { ControlServices } from "./http/control/services.ts";
import { deriveKey } from "./keys/master-secret.ts";
import type { Mailer } from "./mail/mailer.ts";
import { accessRequestStore } from "./storage/access-request-store.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { eventStore } from "./storage/event-store.ts";
import { invitationStore } from "./storage/invitation-store.ts";
import { memberStore } from "./storage/member-store.ts";
import { operatorStore } from "./storage/operator-store.ts";
import { settingsStore } from "./storage/settings-store.ts";
import { InstanceSettingsDesk, type InstanceSettings } from "./workspaces/instance-settings.ts";
import type { WorkspaceServices } from "./workspaces/manage-workspaces.ts";
import { Notifier } from "./workspaces/notify.ts";

export type PeopleSurroundings = {
  readonly master: Uint8Array;
  readonly publicUrl: string;
  /** Undefined where no mail is set up. */
  readonly mailer: Mailer | undefined;
  /** As they are until an operator changes them. */
  readonly instanceSettings: InstanceSettings;
  /** Whole Unix milliseconds. */
  readonly now: () => number;
  readonly reportFault: ControlServices["reportFault"];
  readonly workspaces: WorkspaceServices;
};

export function wirePeople(
  query: OpenDatabase["query"],
  { master, publicUrl, mailer, workspaces, now, reportFault, ...surroundings }: PeopleSurroundings,
): Pick<ControlServices, "members" | "invitations" | "access" | "founding" | "instanceSettings" | "operating"> {
  const members = memberStore(query);
  const invitations = invitationStore(query);
  const operator = operatorStore(query);
  const notifier = new Notifier(mailer, reportFault);
  const instanceSettings = new InstanceSettingsDesk(settingsStore(query), surroundings.instanceSettings);
  return {
    members: { records: members, now },
    invitations: {
      records: invitations,
      members,
      notifier,
      hashKey: deriveKey(master, "invitations"),
      random: (count) => randomBytes(count),
      publicUrl,
      now,
    },
    access: {
      records: accessRequestStore(query),
      events: eventStore(query),
      notifier,
      operatorEmails: (limit) => operator.operatorEmails(limit),
      workspaceChanged: workspaces.changed,
      publicUrl,
      now,
    },
    founding: { records: members, invitations, settings: instanceSettings, now },
    instanceSettings,
    operating: { records: operator, workspaces, events: eventStore(query), now },
  };
}
