// What can be done with a stack: save its draft, publish it, and the rarer things behind a menu.

import { MoreHorizontal } from "lucide-react";
import { useEffect } from "react";
import { useNavigate } from "@tanstack/react-router";
import { useWorkspace } from "../../api/workspace.ts";
import { useCommands } from "../../app/commands.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import type { PolicyReview, Stack } from "./stacks-api.ts";
import type { Draft } from "./use-draft.ts";
import type { Save } from "./use-save.ts";

export type StackDialog = "publish" | "assign" | "rename" | "archive" | "restore";

export type EditorActionsProps = {
  readonly stack: Stack;
  readonly draft: Draft;
  readonly save: Save;
  readonly review: PolicyReview | undefined;
  readonly onSave: () => void;
  readonly onDialog: (dialog: StackDialog) => void;
};

export function EditorActions({ stack, draft, save, review, onSave, onDialog }: EditorActionsProps) {
  const savable = draft.policy !== undefined && draft.unsaved && review?.valid !== false;
  const archived = stack.status === "archived";
  const run = (): void => void (savable && !archived && onSave());
  useSaveKey(run);
  useCommands([
    { title: "Save the draft", group: "Stack", run },
    { title: "Publish the draft", group: "Stack", run: () => onDialog("publish") },
    { title: "Assign the stack", group: "Stack", run: () => onDialog("assign") },
  ]);
  if (archived) {
    return (
      <Button look="primary" onClick={() => onDialog("restore")}>
        Restore
      </Button>
    );
  }
  return (
    <>
      <More stack={stack} onDialog={onDialog} />
      <Button onClick={run} disabled={!savable} pending={save.pending}>
        Save
      </Button>
      <Button look="primary" disabled={draft.unsaved || save.pending} onClick={() => onDialog("publish")}>
        Publish
      </Button>
    </>
  );
}

function More({ stack, onDialog }: Pick<EditorActionsProps, "stack" | "onDialog">) {
  const { id } = useWorkspace();
  const navigate = useNavigate();
  const clone = (): void =>
    void navigate({
      to: "/w/$workspaceId/stacks",
      params: { workspaceId: id },
      search: { dialog: "new", from: stack.slug },
    });
  return (
    <Menu trigger={<IconButton label="More" icon={<MoreHorizontal aria-hidden />} />}>
      <MenuItem disabled={stack.active_version === null} onSelect={() => onDialog("assign")}>
        Assign to a key or the workspace
      </MenuItem>
      <MenuItem onSelect={() => onDialog("rename")}>Rename</MenuItem>
      <MenuItem onSelect={clone}>Clone</MenuItem>
      <MenuSeparator />
      <MenuItem danger onSelect={() => onDialog("archive")}>
        Archive
      </MenuItem>
    </Menu>
  );
}

/** Ctrl-S, also while one writes. */
function useSaveKey(save: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      save();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
}
