// Where receipts are asked for: finds the rows, signs what they say.

import { GatewayError } from "../contracts/errors.ts";
import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import { receiptOf, type Receipt, type ReceiptRecords } from "./receipt.ts";
import type { ReceiptSigner } from "./receipt-signature.ts";

/** The receipt as JSON, and the same signed. */
export type SignedReceipt = Receipt & { readonly jws: string };

export class ReceiptDesk {
  readonly #records: ReceiptRecords;
  readonly #signer: ReceiptSigner;
  readonly #issuer: string;

  /** @param issuer the server's public address */
  constructor(records: ReceiptRecords, signer: ReceiptSigner, issuer: string) {
    this.#records = records;
    this.#signer = signer;
    this.#issuer = issuer;
  }

  /** The public keys that receipts are checked with. */
  get jwks(): ReceiptSigner["jwks"] {
    return this.#signer.jwks;
  }

  /** @throws GatewayError not_found for unknown requests and those of other workspaces */
  async receipt(workspaceId: WorkspaceId, requestId: RequestId): Promise<SignedReceipt> {
    const facts = await this.#records.find(workspaceId, requestId);
    if (!facts) throw new GatewayError("not_found", "This workspace has no ended request with that id.");
    const receipt = receiptOf(facts, this.#issuer);
    return { ...receipt, jws: this.#signer.sign(receipt) };
  }
}
