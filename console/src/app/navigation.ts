// The places of the console in the order of the rail. One is shown as soon as its route is registered.

import {
  Activity,
  BookMarked,
  Bot,
  Boxes,
  ChartLine,
  CircleUser,
  CreditCard,
  Gauge,
  HandCoins,
  Inbox,
  KeyRound,
  Layers,
  ScrollText,
  Server,
  Settings,
  ShieldCheck,
  SlidersHorizontal,
  TerminalSquare,
  Users,
  type LucideIcon,
} from "lucide-react";

export type Place = {
  readonly title: string;
  /** As registered, `$workspaceId` in it. */
  readonly to: string;
  readonly icon: LucideIcon;
  /** Pressed after `g`. */
  readonly key?: string;
  /** Its address is the beginning of others. */
  readonly exact?: boolean;
};

export type PlaceGroup = { readonly title?: string; readonly places: readonly Place[] };

export const workspacePlaces: readonly PlaceGroup[] = [
  {
    places: [
      { title: "Overview", to: "/w/$workspaceId", icon: Gauge, key: "o", exact: true },
      { title: "Playground", to: "/w/$workspaceId/playground", icon: TerminalSquare, key: "p" },
      { title: "Traces", to: "/w/$workspaceId/traces", icon: Activity, key: "t" },
      { title: "Usage", to: "/w/$workspaceId/usage", icon: ChartLine, key: "u" },
    ],
  },
  {
    places: [
      { title: "Keys", to: "/w/$workspaceId/keys", icon: KeyRound, key: "k" },
      { title: "Stacks", to: "/w/$workspaceId/stacks", icon: Layers, key: "s" },
      { title: "Models", to: "/w/$workspaceId/models", icon: Boxes, key: "m" },
      { title: "Agents", to: "/w/$workspaceId/agents", icon: Bot, key: "a" },
    ],
  },
  {
    places: [
      { title: "Billing", to: "/w/$workspaceId/billing", icon: CreditCard, key: "b" },
      { title: "Members", to: "/w/$workspaceId/members", icon: Users, key: "e" },
      { title: "Settings", to: "/w/$workspaceId/settings", icon: Settings, key: "," },
    ],
  },
];

/** For operators only. */
export const operatorPlaces: PlaceGroup = {
  title: "Operator",
  places: [
    { title: "Workspaces", to: "/operator/workspaces", icon: ShieldCheck, key: "w" },
    { title: "Users", to: "/operator/users", icon: CircleUser },
    { title: "Access requests", to: "/operator/access-requests", icon: Inbox },
    { title: "Debts", to: "/operator/debts", icon: HandCoins },
    { title: "Providers", to: "/operator/providers", icon: Server },
    { title: "Catalogue versions", to: "/operator/catalogue", icon: BookMarked },
    { title: "Instance settings", to: "/operator/settings", icon: SlidersHorizontal },
    { title: "Audit log", to: "/operator/audit-log", icon: ScrollText },
  ],
};
