// An amount of money: short, with `≈` when digits were left out, and the exact figure on hover and for those who listen.

import { cx } from "./class-names.ts";
import { exactMoney, shortMoney } from "./money-format.ts";
import { Tooltip } from "./tooltip.tsx";

export type MoneyProps = {
  /** Decimal USD as the API gives it; null: there is none. */
  readonly usd: string | null | undefined;
  /** Every digit, as on an invoice or a ledger. */
  readonly exact?: boolean;
  readonly className?: string;
};

export function Money({ usd, exact = false, className }: MoneyProps) {
  if (usd === null || usd === undefined) return <span className="text-faint">–</span>;
  const full = exactMoney(usd);
  const { text, rounded } = exact ? { text: full, rounded: false } : shortMoney(usd);
  if (!rounded) return <span className={cx("figures whitespace-nowrap", className)}>{text}</span>;
  return (
    <Tooltip text={<span className="figures">{full}</span>}>
      <span className={cx("figures whitespace-nowrap", className)}>
        <span className="sr-only">{full}</span>
        <span aria-hidden>
          <span className="text-faint">≈</span>
          {text}
        </span>
      </span>
    </Tooltip>
  );
}
