// The amounts in which credits are sold.

/** Decimal USD. */
export const packsUsd = ["10", "25", "50", "100", "250", "500"] as const;
