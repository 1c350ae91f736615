// What is said: instructions, turns of user and assistant, pictures by address or upload.

import { ImagePlus, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { toast } from "../../ui/toast.tsx";
import type { PlaygroundRequest, Turn } from "./playground-request.ts";
import type { RequestFormProps } from "./request-form.tsx";

/** Larger pictures are better given by address. */
const mostImageBytes = 5_000_000;

export function ConversationEditor({ request, onRequest }: RequestFormProps) {
  const { protocol, turns } = request;
  const embeds = protocol === "embeddings";
  const set = (part: Partial<PlaygroundRequest>): void => onRequest({ ...request, ...part });
  const setTurn = (at: number, turn: Turn): void =>
    set({ turns: turns.map((one, index) => (index === at ? turn : one)) });
  const lastRole = turns.at(-1)?.role;
  return (
    <>
      {!embeds && (
        <Field label="Instructions" optional>
          <Textarea rows={2} value={request.system} onChange={({ target }) => set({ system: target.value })} />
        </Field>
      )}
      {turns.map((turn, at) => (
        <TurnEditor
          // Turns are told apart by their place alone.
          key={at}
          turn={turn}
          label={embeds ? `Text ${at + 1}` : `Message ${at + 1}`}
          embeds={embeds}
          onTurn={(next) => setTurn(at, next)}
          {...(turns.length > 1 && { onRemove: () => set({ turns: turns.filter((_, index) => index !== at) }) })}
        />
      ))}
      <div>
        <Button
          size="small"
          icon={<Plus aria-hidden />}
          onClick={() =>
            set({
              turns: [...turns, { role: !embeds && lastRole === "user" ? "assistant" : "user", text: "", images: [] }],
            })
          }
        >
          {embeds ? "Add a text" : "Add a message"}
        </Button>
      </div>
    </>
  );
}

type TurnProps = {
  readonly turn: Turn;
  readonly label: string;
  readonly embeds: boolean;
  readonly onTurn: (turn: Turn) => void;
  readonly onRemove?: () => void;
};

function TurnEditor({ turn, label, embeds, onTurn, onRemove }: TurnProps) {
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line bg-sunken p-2">
      <div className="flex items-center gap-2">
        {embeds ? (
          <span className="flex-1 text-sm font-medium">{label}</span>
        ) : (
          <>
            <Select
              aria-label={`Who says ${label.toLowerCase()}`}
              className="w-32"
              value={turn.role}
              choices={[
                { value: "user", label: "User" },
                { value: "assistant", label: "Assistant" },
              ]}
              onValue={(role) => onTurn({ ...turn, role, images: role === "user" ? turn.images : [] })}
            />
            <span className="flex-1" />
            {turn.role === "user" && (
              <AddImage onImage={(image) => onTurn({ ...turn, images: [...turn.images, image] })} />
            )}
          </>
        )}
        {onRemove && (
          <IconButton
            label={`Remove ${label.toLowerCase()}`}
            icon={<Trash2 aria-hidden />}
            size="small"
            onClick={onRemove}
          />
        )}
      </div>
      <Textarea
        aria-label={label}
        rows={turn.role === "user" ? 4 : 2}
        placeholder={embeds ? "A text to embed" : turn.role === "user" ? "Ask something" : "What the model said"}
        value={turn.text}
        onChange={({ target }) => onTurn({ ...turn, text: target.value })}
      />
      {turn.images.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {turn.images.map((image, at) => (
            <li
              key={image.slice(0, 200) + String(at)}
              className="flex items-center gap-1 rounded-md border border-line bg-surface p-1"
            >
              <img src={image} alt={`Attachment ${at + 1}`} className="size-10 rounded-sm object-cover" />
              <span className="figures max-w-40 truncate text-xs text-muted">
                {image.startsWith("data:") ? `uploaded, ${Math.ceil(image.length / 1366)} kB` : image}
              </span>
              <IconButton
                label={`Remove picture ${at + 1}`}
                icon={<Trash2 aria-hidden />}
                size="small"
                onClick={() => onTurn({ ...turn, images: turn.images.filter((_, index) => index !== at) })}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function AddImage({ onImage }: { readonly onImage: (image: string) => void }) {
  const [asking, setAsking] = useState(false);
  const [address, setAddress] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const upload = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    if (chosen.size > mostImageBytes) return toast.problem("The picture is over 5 MB. Give its address instead.");
    onImage(await dataUri(chosen));
    setAsking(false);
  };
  const add = (): void => {
    if (!/^https?:\/\/\S+$|^data:image\//.test(address.trim()))
      return toast.problem("Give an address that begins with https://.");
    onImage(address.trim());
    setAddress("");
    setAsking(false);
  };
  if (!asking) {
    return (
      <IconButton label="Add a picture" icon={<ImagePlus aria-hidden />} size="small" onClick={() => setAsking(true)} />
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Input
        aria-label="Address of a picture"
        placeholder="https://…"
        className="w-44"
        value={address}
        onChange={({ target }) => setAddress(target.value)}
        onKeyDown={(event) => void (event.key === "Enter" && add())}
      />
      <Button size="small" disabled={address.trim() === ""} onClick={add}>
        Add
      </Button>
      <Button size="small" onClick={() => file.current?.click()}>
        Upload
      </Button>
      <input
        ref={file}
        type="file"
        accept="image/*"
        aria-label="Upload a picture"
        className="sr-only"
        tabIndex={-1}
        onChange={({ target }) => void upload(target.files?.[0])}
      />
    </div>
  );
}

function dataUri(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(typeof reader.result === "string" ? reader.result : ""));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("The file cannot be read.")));
    reader.readAsDataURL(file);
  });
}
