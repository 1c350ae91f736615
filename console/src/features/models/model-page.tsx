// One model: what it costs and has cost, what it can do, who serves it, and lines that ask it.

import { Link, useParams } from "@tanstack/react-router";
import { gatewayAddress } from "../../api/base.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Id } from "../../ui/id.tsx";
import { Figure, KeyValue } from "../../ui/key-value.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Section } from "../../ui/section.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Badge, Status } from "../../ui/status.tsx";
import { CapabilityBadges } from "./capability-badges.tsx";
import { dataPolicyNames, modalityNames, tokensInWords, useModel, type ModelDetail } from "./catalogue.ts";
import { CostCalculator } from "./cost-calculator.tsx";
import { useCatalogueHome } from "./home.ts";
import { modelCode } from "./model-code.ts";
import { Price } from "./price-cells.tsx";
import { PriceHistory } from "./price-history.tsx";

export function ModelPage() {
  const { vendor, model: name = "" } = useParams({ strict: false });
  const id = vendor === undefined ? name : `${vendor}/${name}`;
  const { item: model, error, retry } = useModel(id);
  if (error !== undefined) return <ErrorState error={error} onRetry={retry} />;
  if (model === undefined) return <PageSkeleton />;
  return <Model model={model} />;
}

function Model({ model }: { readonly model: ModelDetail }) {
  return (
    <div className="mx-auto flex max-w-[72rem] flex-col gap-6 [&>header]:mb-0">
      <ModelHeader model={model} />
      <Figures model={model} />
      <Section title="What would it cost?" description="The counts of one request, and how many of them.">
        <CostCalculator models={[model]} />
      </Section>
      <div className="grid gap-6 lg:grid-cols-2">
        <Section title="What it can do">
          <Facts model={model} />
        </Section>
        <Section title="Who serves it here" description="Prices are the same whoever does.">
          <Providers model={model} />
        </Section>
      </div>
      <Section title="Ask it" description="Put a key of this workspace into ASTROLABE_API_KEY first.">
        <CodeBlock
          label={`Lines that ask ${model.name}`}
          samples={modelCode({ model: model.id, kind: model.kind, baseUrl: gatewayAddress })}
        />
      </Section>
      <Section title="Price history" flush>
        <PriceHistory model={model} />
      </Section>
    </div>
  );
}

function ModelHeader({ model }: { readonly model: ModelDetail }) {
  const home = useCatalogueHome();
  return (
    <PageHeader
      title={model.name}
      trail={<Link {...home.list()}>Models</Link>}
      mark={model.available ? <Status tone="good">Served here</Status> : <Status tone="plain">Not served here</Status>}
      description={
        <span className="flex flex-col gap-1">
          <Id id={model.id} of="model" full />
          {model.use}
        </span>
      }
      actions={
        <>
          <ButtonLink {...home.compare([model.id])}>Compare</ButtonLink>
          {home.workspaceId !== undefined && (
            <ButtonLink
              look="primary"
              to="/w/$workspaceId/playground"
              params={{ workspaceId: home.workspaceId }}
              search={{ model: model.id, protocol: model.kind === "embed" ? "embeddings" : "responses" }}
            >
              Try in the playground
            </ButtonLink>
          )}
        </>
      }
    />
  );
}

function Figures({ model }: { readonly model: ModelDetail }) {
  const { prices, context_tokens, max_output_tokens } = model;
  return (
    <div className="grid grid-cols-2 gap-4 rounded-lg border border-line bg-surface p-4 sm:grid-cols-3 lg:grid-cols-6">
      <Figure name="Input / 1M" value={<Price usd={prices?.input_per_1m_usd} />} />
      <Figure name="Output / 1M" value={<Price usd={prices?.output_per_1m_usd} />} />
      <Figure name="Cached input / 1M" value={<Price usd={prices?.cached_input_per_1m_usd} />} />
      <Figure name="Cache write / 1M" value={<Price usd={prices?.cache_write_per_1m_usd} />} />
      <Figure name="Context" value={tokensInWords(context_tokens)} note="tokens" />
      <Figure
        name="Most output"
        value={max_output_tokens === null ? "–" : tokensInWords(max_output_tokens)}
        note={max_output_tokens === null ? undefined : "tokens"}
      />
    </div>
  );
}

const roleNames = { default: "first choice", fallback: "fallback", preview: "where previews are allowed" } as const;
const availabilityNames = {
  routed: "Virtual models may pick it",
  listed: "Only when it is asked for by name",
  preview: "By name, or where a stack allows previews",
} as const;

function Facts({ model }: { readonly model: ModelDetail }) {
  const { lanes, fallbacks, aliases } = model;
  return (
    <KeyValue
      facts={[
        { name: "Capabilities", value: <CapabilityBadges model={model} /> },
        { name: "Takes", value: model.modalities.map((one) => modalityNames[one]).join(", ") },
        { name: "Picked", value: availabilityNames[model.availability] },
        {
          name: "Lanes",
          value:
            lanes.length === 0
              ? "None"
              : lanes.map(({ virtual_model, role }) => (
                  <span key={virtual_model} className="mr-3 inline-block">
                    <span className="figures text-sm">{virtual_model}</span>{" "}
                    <span className="text-sm text-faint">{roleNames[role]}</span>
                  </span>
                )),
        },
        { name: "Falls back to", value: <ModelLinks ids={fallbacks} /> },
        { name: "Typical first token", value: `${model.typical_first_byte_ms.toLocaleString("en-US")} ms` },
        { name: "Typical speed", value: `${model.typical_tokens_per_second} tokens a second` },
        { name: "Other names", value: <span className="figures text-sm">{aliases.join(", ") || "–"}</span> },
        {
          name: "Parameters",
          value: <span className="figures text-sm break-words">{model.supported_parameters.join(", ") || "–"}</span>,
        },
      ]}
    />
  );
}

function ModelLinks({ ids }: { readonly ids: readonly string[] }) {
  const home = useCatalogueHome();
  if (ids.length === 0) return <>–</>;
  return (
    <>
      {ids.map((id) => (
        <Link key={id} {...home.model(id)} className="figures mr-3 inline-block text-sm underline underline-offset-2">
          {id}
        </Link>
      ))}
    </>
  );
}

function Providers({ model: { providers, prices } }: { readonly model: ModelDetail }) {
  if (prices === null) return <p className="text-base text-muted">It has no price yet, so nothing is served.</p>;
  if (providers.length === 0) {
    return <p className="text-base text-muted">No configured provider serves it. The operator can add one.</p>;
  }
  return (
    <ul className="flex flex-col">
      {providers.map(({ provider, upstream_model, data_policy, data_policy_per_request, region }) => (
        <li key={provider} className="border-b border-line py-2 first:pt-0 last:border-b-0 last:pb-0">
          <p className="flex flex-wrap items-center gap-2 text-base font-medium">
            {provider} {region !== null && <Badge>{region}</Badge>}
          </p>
          <p className="figures text-sm text-muted">{upstream_model}</p>
          <p className="text-sm text-muted">
            {dataPolicyNames[data_policy]}
            {data_policy_per_request && "; a stack can ask for more"}
          </p>
        </li>
      ))}
    </ul>
  );
}
