// Asks before something that cannot be taken back, and says what will happen. For the gravest things it asks for a word.

import { useState, type ReactNode } from "react";
import type { ApiError } from "../api/api-error.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { Form } from "./form.tsx";
import { Input } from "./input.tsx";

export type ConfirmDialogProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  /** A question, such as `Revoke this key?` */
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** The verb on the button. */
  readonly verb: string;
  readonly onConfirm: () => void;
  readonly pending: boolean;
  readonly problem: ApiError | undefined;
  readonly danger?: boolean;
  /** Must be typed first. */
  readonly word?: string;
};

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onClose, title, children, verb, onConfirm, pending, problem, danger = true, word } = props;
  const [typed, setTyped] = useState("");
  const ready = word === undefined || typed.trim() === word;
  return (
    <Dialog open={open} onClose={onClose} title={title} width="small">
      <Form
        problem={problem}
        onSubmit={() => void (ready && onConfirm())}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look={danger ? "danger" : "primary"} pending={pending} disabled={!ready}>
              {verb}
            </Button>
          </>
        }
      >
        <div className="text-base text-muted">{children}</div>
        {word !== undefined && (
          <Field label={`Type ${word} to go on`}>
            <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" figures />
          </Field>
        )}
      </Form>
    </Dialog>
  );
}
