// What the control routes work with; server/control-plane.ts puts it together.

import type { AttributionServices } from "../../agents/attribution.ts";
import type { ReadmeImageRecords } from "../../agents/blueprint-records.ts";
import type { RegistryServices } from "../../agents/builds.ts";
import type { DeploymentLinks, KeyRotations } from "../../agents/deployment-links.ts";
import type { DeployServices } from "../../agents/deploy-services.ts";
import type { DoorServices } from "../../agents/door-pass.ts";
import type { GatewayKeyServices } from "../../agents/gateway-keys.ts";
import type { VaultServices } from "../../agents/vault.ts";
import type { PriceLists } from "../../audit/price-lists.ts";
import type { AuditLog } from "../../audit-log/audit-log.ts";
import type { ReceiptDesk } from "../../audit/receipt-desk.ts";
import type { BillingServices } from "../../billing/billing-services.ts";
import type { Catalogue, Upstream } from "../../catalogue/catalogue.ts";
import type { AuthenticatedKey } from "../../keys/key-records.ts";
import type { KeyServices } from "../../keys/manage-keys.ts";
import type { Services as RequestServices } from "../../request/services.ts";
import type { ClientProtocol } from "../../protocols/protocol.ts";
import type { AccessTokens } from "../../identity/access-tokens.ts";
import type { OwnerLinkServices } from "../../identity/owner-link.ts";
import type { PeopleRecords } from "../../identity/people-records.ts";
import type { WaysIn } from "../../identity/ways-in.ts";
import type { Mailer } from "../../mail/mailer.ts";
import type { StackServices } from "../../stacks/edit-stacks.ts";
import type { StackDirectory } from "../../stacks/stack.ts";
import type { StackUseRecords } from "../../stacks/stack-uses.ts";
import type { ReplayRecords } from "../../traces/replayed-request.ts";
import type { TraceStore } from "../../traces/trace-store.ts";
import type { WebhookServices } from "../../webhooks/manage-endpoints.ts";
import type { ActivityRecords } from "../../workspaces/activity-records.ts";
import type { BudgetRecords } from "../../workspaces/budget-status.ts";
import type { EntryRecords } from "../../workspaces/entry-records.ts";
import type { EventRecords } from "../../workspaces/event-records.ts";
import type { CreditServices } from "../../workspaces/grant-credit.ts";
import type { AlertRecords } from "../../workspaces/low-balance.ts";
import type { AccessReviewServices } from "../../workspaces/access-review.ts";
import type { FoundingServices } from "../../workspaces/found-workspace.ts";
import type { InstanceSettingsDesk } from "../../workspaces/instance-settings.ts";
import type { OperatingServices } from "../../workspaces/operate.ts";
import type { InvitationServices } from "../../workspaces/invitations.ts";
import type { MemberServices } from "../../workspaces/manage-members.ts";
import type { WorkspaceServices } from "../../workspaces/manage-workspaces.ts";
import type { UsageRecords } from "../../workspaces/usage-records.ts";
import type { Gate } from "./gate.ts";

/** The request path's own, so that what is rehearsed is what would happen. */
export type Planning = Pick<
  RequestServices,
  "catalogue" | "live" | "sandbox" | "health" | "learned" | "sessions" | "settings"
>;
export type CatalogueServices = {
  readonly catalogue: Catalogue;
  /** Those that live keys reach: the sandbox alone where none is configured. */
  readonly upstreams: readonly Upstream[];
  readonly mode: "sandbox" | "live";
  readonly priceLists: Pick<PriceLists, "list">;
  /** Whether people who are not signed in may see it. */
  readonly isPublic: boolean;
};

/**
 * Runs an inference request under a key whose caller was let in otherwise.
 * @param onBodyRead called once the body is read
 */
export type AnswerUnder = (
  key: AuthenticatedKey,
  protocol: ClientProtocol,
  request: Request,
  onBodyRead: () => void,
) => Promise<Response>;

/** What the routes of accounts, blueprints, variables and gateway keys work with. */
export type AgentServices = {
  readonly registry: RegistryServices;
  readonly readmeImages: ReadmeImageRecords;
  /** `host/prefix`; undefined: images stay in the engine of the server's machine. */
  readonly imageRegistry: string | undefined;
  readonly vault: VaultServices;
  readonly gatewayKeys: GatewayKeyServices;
  readonly attribution: AttributionServices;
  readonly deployments: DeploymentLinks;
  /** For whoever runs deployments to listen to. */
  readonly keyRotations: KeyRotations;
};

export type ControlServices = {
  readonly agents: AgentServices;
  /** Loaded at first use. */
  readonly deployments: () => Promise<DeployServices>;
  /** What lets members in at agents' hosts; undefined where no host leads to an agent. */
  readonly agentDoors: () => Promise<DoorServices | undefined>;
  readonly catalogue: CatalogueServices;
  readonly workspaces: WorkspaceServices;
  readonly keys: KeyServices;
  readonly stacks: StackServices;
  /** Which stack a request would get. */
  readonly directory: StackDirectory;
  /** What requests are planned with. */
  readonly planning: Planning;
  readonly replays: ReplayRecords;
  readonly stackUses: StackUseRecords;
  readonly credits: CreditServices;
  readonly activity: ActivityRecords;
  readonly entries: EntryRecords;
  readonly billing: BillingServices;
  /** Applies a stored event of Stripe without making anybody wait. */
  readonly applyStripeEvent: (eventId: string) => void;
  readonly budgets: BudgetRecords;
  readonly alerts: AlertRecords;
  readonly events: Pick<EventRecords, "list">;
  readonly webhooks: WebhookServices;
  readonly answerUnder: AnswerUnder;
  readonly traces: TraceStore;
  readonly usage: UsageRecords;
  readonly prices: Pick<PriceLists, "find">;
  readonly receipts: ReceiptDesk;
  readonly gate: Gate;
  readonly audit: AuditLog;
  /** How many proxies in front of the server add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  readonly members: MemberServices;
  readonly people: PeopleRecords;
  readonly accessTokens: AccessTokens;
  readonly waysIn: WaysIn;
  readonly ownerLinks: OwnerLinkServices;
  /** Undefined without SMTP: no letters are sent. */
  readonly mailer: Mailer | undefined;
  readonly invitations: InvitationServices;
  readonly access: AccessReviewServices;
  readonly founding: FoundingServices;
  readonly instanceSettings: InstanceSettingsDesk;
  readonly operating: OperatingServices;
  /** How others reach the server, without a trailing slash. */
  readonly publicUrl: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Hears of every failure that is the server's own; `where` holds the id that the caller was given. */
  readonly reportFault: (where: string, error: unknown) => void;
};
