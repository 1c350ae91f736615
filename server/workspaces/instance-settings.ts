// What operators decide for the whole installation while it runs. The environment gives the first values; what an
// operator has set since is kept and counts.

export const workspaceCreators = ["anyone", "operators"] as const;
export type WorkspaceCreator = (typeof workspaceCreators)[number];

export type InstanceSettings = {
  /** Whether workspaces that people make wait for an operator's approval. */
  readonly accessReview: boolean;
  /** Who makes workspaces. */
  readonly workspaceCreation: WorkspaceCreator;
};

export type InstanceSettingRecords = {
  get(name: string): Promise<string | undefined>;
  put(name: string, value: string): Promise<void>;
};

const names = {
  accessReview: "instance.access_review",
  workspaceCreation: "instance.workspace_creation",
} as const;

export class InstanceSettingsDesk {
  readonly #records: InstanceSettingRecords;
  readonly #first: InstanceSettings;

  constructor(records: InstanceSettingRecords, first: InstanceSettings) {
    this.#records = records;
    this.#first = first;
  }

  async read(): Promise<InstanceSettings> {
    const review = await this.#records.get(names.accessReview);
    const stored = await this.#records.get(names.workspaceCreation);
    const creator = workspaceCreators.find((word) => word === stored);
    return {
      accessReview: review === undefined ? this.#first.accessReview : review === "true",
      workspaceCreation: creator ?? this.#first.workspaceCreation,
    };
  }

  /** Absent ones stay. */
  async change(changes: Partial<InstanceSettings>): Promise<InstanceSettings> {
    const { accessReview, workspaceCreation } = changes;
    if (accessReview !== undefined) await this.#records.put(names.accessReview, String(accessReview));
    if (workspaceCreation !== undefined) await this.#records.put(names.workspaceCreation, workspaceCreation);
    return this.read();
  }
}
