// Brings the ledger to what a payment is worth now. Every booking has an id made from the payment and its number, and the
// ledger takes an id once: so any number of processes may settle the same payment at once, after any crash.

import { asId, type EntryId, type PaymentId, type WorkspaceId } from "../contracts/ids.ts";
import { freeOf } from "../ledger/decide.ts";
import type { AdjustOperation, BookingOperation, OperationResult } from "../ledger/operations.ts";
import { formatUsdShort, noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { BillingServices } from "./billing-services.ts";
import type { PaidDebts } from "../workspaces/grant-credit.ts";
import { disputedOf, netOf, refundedOf } from "./net-of-payment.ts";
import { noFacts, type Payment, type PaymentFacts } from "./payment.ts";
import { tellOfPayment } from "./tell-of-payment.ts";

/** Each repetition means that another process booked, or that Stripe had news meanwhile. */
const mostRounds = 100;
const entriesReadAtOnce = 8;
/** Payments of one workspace that owe, paid off by one credit. */
const mostDebtors = 20;

/** A payment with what is known of its money and what the ledger has of it. */
export type PaymentStanding = {
  readonly payment: Payment;
  readonly facts: PaymentFacts;
  readonly bookings: readonly Picodollars[];
};

/**
 * Books the difference between what the payment is worth and what the ledger has of it. What cannot be taken back, because
 * it is spent or promised to running requests, is left as owed.
 * @throws GatewayError service_unavailable when the ledger cannot commit; nothing is lost, it can be settled again.
 */
export async function settlePayment(services: BillingServices, id: PaymentId): Promise<void> {
  for (let round = 0; round < mostRounds; round++) {
    const standing = await standingOf(services, id);
    if (standing === undefined) return;
    const missing = missingOf(standing);
    const owed = missing < 0n ? await takeBack(services, standing, picodollars(-missing)) : noMoney;
    if (missing > 0n) await giveCredit(services, standing, missing);
    if (owed === undefined || missing > 0n) continue;
    const { payment, facts, bookings } = standing;
    if (!(await services.records.payments.settled(payment, { booked: sum(bookings), owed }))) continue;
    await tellOfPayment(services, payment, facts, owed);
    return;
  }
  throw new Error(`Payment ${id} does not come to rest.`);
}

/** Undefined when there is no such payment. */
export async function standingOf(services: BillingServices, id: PaymentId): Promise<PaymentStanding | undefined> {
  const { payments } = services.records;
  const payment = await payments.find(id);
  if (payment === undefined) return undefined;
  const facts = payment.intentId === undefined ? noFacts : await payments.factsOf(payment.intentId);
  return { payment, facts, bookings: payment.paid === noMoney ? [] : await bookingsOf(services, payment) };
}

/** The id of a payment's first, second, third ... entry in the ledger. */
export function bookingId(paymentId: PaymentId, number: number): EntryId {
  const digest = new Bun.CryptoHasher("sha256").update(`${paymentId}\n${number}`).digest("hex");
  return asId<EntryId>(`ent_${digest.slice(0, 32)}`);
}

/** Above zero: to be credited; below zero: to be taken back. */
function missingOf({ payment, facts, bookings }: PaymentStanding): Picodollars {
  return picodollars(netOf(payment, facts) - sum(bookings));
}

/** In order, without a gap: number n is never tried before number n-1 is booked. */
async function bookingsOf(
  { records }: BillingServices,
  { id, workspaceId }: Pick<Payment, "id" | "workspaceId">,
): Promise<Picodollars[]> {
  const bookings: Picodollars[] = [];
  for (;;) {
    const ids = Array.from({ length: entriesReadAtOnce }, (_, index) => bookingId(id, bookings.length + index + 1));
    const booked = await records.payments.bookedEntries(workspaceId, ids);
    const amounts = ids.map((entryId) => booked.get(entryId));
    const known = amounts.slice(0, amounts.indexOf(undefined) < 0 ? ids.length : amounts.indexOf(undefined));
    bookings.push(...known.filter((amount) => amount !== undefined));
    if (known.length < ids.length) return bookings;
  }
}

/** The workspace's debts are paid in the same breath: what is queued together is committed before any later hold. */
async function giveCredit(services: BillingServices, standing: PaymentStanding, amount: Picodollars): Promise<void> {
  const { payment, bookings } = standing;
  const { workspaceId } = payment;
  const facts = { ...nextBooking(services, standing), amount, counterpart: "payments" as const };
  const operation: BookingOperation =
    bookings.length === 0 ? { ...facts, type: "credit", workspaceId } : { ...facts, type: "adjust", workspaceId };
  const debts = await debtsPaidBy(services, workspaceId, amount, payment.id);
  const [result, ...paid] = await Promise.all(
    [operation, ...debts.operations].map((each) => services.ledger.submit(each)),
  );
  requireBooked(result);
  paid.forEach(requireKnown);
  await debts.settle();
}

/**
 * What payments of the workspace owe, as far as a credit of this amount pays it: operations to submit in the same breath
 * as the credit, and what to call when they are booked.
 * @param except a payment that is being settled already.
 */
export async function debtsPaidBy(
  services: BillingServices,
  workspaceId: WorkspaceId,
  credit: Picodollars,
  except?: PaymentId,
): Promise<PaidDebts> {
  const owing = await services.records.payments.owing(workspaceId, { after: undefined, limit: mostDebtors });
  const operations: AdjustOperation[] = [];
  const of: PaymentId[] = [];
  let left = credit;
  for (const debtor of owing) {
    const standing = debtor.id === except || left === 0n ? undefined : await standingOf(services, debtor.id);
    if (standing === undefined || missingOf(standing) >= 0n) continue;
    const amount = least(left, picodollars(-missingOf(standing)));
    left = picodollars(left - amount);
    operations.push(takeOperation(services, standing, amount));
    of.push(debtor.id);
  }
  return {
    operations,
    settle: async () => {
      for (const id of of) await settlePayment(services, id);
    },
  };
}

/** @returns what is still owed; undefined when something was booked or has changed, so that it has to be looked at again. */
async function takeBack(
  services: BillingServices,
  standing: PaymentStanding,
  amount: Picodollars,
): Promise<Picodollars | undefined> {
  const account = await services.ledger.account(standing.payment.workspaceId);
  const taken = least(amount, account === undefined ? noMoney : freeOf(account));
  if (taken <= 0n) return amount;
  requireKnown(await services.ledger.submit(takeOperation(services, standing, taken)));
  return undefined;
}

function takeOperation(services: BillingServices, standing: PaymentStanding, amount: Picodollars): AdjustOperation {
  const { workspaceId } = standing.payment;
  const taken = picodollars(-amount);
  return { ...nextBooking(services, standing), type: "adjust", workspaceId, amount: taken, counterpart: "payments" };
}

function nextBooking(services: BillingServices, { payment, facts, bookings }: PaymentStanding) {
  const entryId = bookingId(payment.id, bookings.length + 1);
  return { entryId, memo: memoOf(payment, facts), at: services.now() };
}

function memoOf({ id, kind }: Payment, facts: PaymentFacts): string {
  const [refunded, disputed] = [refundedOf(facts), disputedOf(facts)];
  const parts = [
    ...(refunded > 0n ? [`${formatUsdShort(refunded)} USD refunded`] : []),
    ...(disputed > 0n ? [`${formatUsdShort(disputed)} USD disputed`] : []),
  ];
  if (parts.length > 0) return `${parts.join(", ")}: payment ${id}`;
  return `${kind === "top_up" ? "Automatic payment" : "Payment"} ${id}`;
}

/** A credit is only ever refused because another process was faster. */
function requireBooked(result: OperationResult | undefined): void {
  if (result?.ok || result?.refusal.reason === "duplicate_entry") return;
  throw new Error(`The ledger refused a payment: ${result?.refusal.reason}.`);
}

/** What was free a moment ago may be promised to a request by now. */
function requireKnown(result: OperationResult): void {
  if (!result.ok && result.refusal.reason !== "insufficient_credits") requireBooked(result);
}

function sum(amounts: readonly Picodollars[]): Picodollars {
  return amounts.reduce((total, amount) => picodollars(total + amount), noMoney);
}

function least(left: Picodollars, right: Picodollars): Picodollars {
  return left < right ? left : right;
}
