// What people write where it does not belong, and where it does: hints for keys that are unknown at their place.

type Advice = { readonly at: RegExp; readonly key: RegExp; readonly hint: string };

const inComponent = /^(?:models|knowledge|integrations)\.[^.]+$/;
const inContainer = /^(?:(?:models|knowledge|integrations|ingestion)\.[^.]+\.)container$/;
const inInput = /(?:inputs|variables)(?:\[\d+\]|\.[^.]+)$/;

/** The first that fits is given. Paths are dotted, `""` for the top of the file. */
const advices: readonly Advice[] = [
  {
    at: /^agent$/,
    key: /^(?:ai_gateway|gateway|aiGateway|astroAiGateway)$/,
    hint: "The key is `astro_ai_gateway`; better still, a model entry with `provider: gateway`.",
  },
  {
    at: /^$/,
    key: /^(?:astro_)?ai_gateway$/,
    hint: "Move it under `agent` as `astro_ai_gateway`; better still, a model entry with `provider: gateway`.",
  },
  { at: /^$/, key: /^(?:tools?|integration)$/, hint: "Tools are entries of `integrations`." },
  { at: /^$/, key: /^model$/, hint: "Models are entries of `models`." },
  { at: /^$/, key: /^(?:ingestions|jobs?|pipelines?)$/, hint: "Jobs are entries of `ingestion`." },
  { at: /^$/, key: /^(?:databases?|stores?|memory|vector_?stores?)$/, hint: "Stores are entries of `knowledge`." },
  {
    at: /^$/,
    key: /^(?:secrets?|env(?:ironment)?|variables?)$/,
    hint: "Values that people give are entries of `inputs`.",
  },
  {
    at: /^$/,
    key: /^provider$/,
    hint: "Providers of your own are entries of `providers`; one that is built in needs no entry.",
  },
  {
    at: /^$/,
    key: /^(?:version|apiVersion)$/,
    hint: "The format's version is `spec: blueprint/v1`; builds get their versions when they are pushed.",
  },
  { at: /^$/, key: /^(?:description|tags|author|license)$/, hint: "It goes into the head of AGENT.md." },
  { at: /^$/, key: /^visibility$/, hint: "Visibility is set in the registry: `ast push --visibility private`." },
  { at: /^meta$/, key: /^(?:description|tags)$/, hint: "It goes into the head of AGENT.md; remove it here." },
  {
    at: /^agent$/,
    key: /^(?:env(?:ironment)?|variables|secrets?)$/,
    hint: "Variables of the agent are entries of `agent.inputs`, fixed ones with a `default`.",
  },
  {
    at: /^agent$/,
    key: /^ports?$/,
    hint: "An agent that serves pages sets `interfaces.frontend: true` and listens on the port that `PORT` says.",
  },
  {
    at: /^agent$/,
    key: /^(?:command|cmd|entrypoint)$/,
    hint: "The image says what is started; `dev.command` replaces it on your machine.",
  },
  {
    at: /^agent$/,
    key: /^(?:models?|knowledge|integrations|tools?|ingestion|providers|dev)$/,
    hint: "It goes to the top of the file, beside `agent`.",
  },
  {
    at: /^agent$/,
    key: /^(?:volumes?|persistent)$/,
    hint: "The agent's folder `/data` is kept without being asked for.",
  },
  {
    at: /^agent$/,
    key: /^(?:replicas|scale)$/,
    hint: "`distributed: true` says that several may run; how many is said at deploy time.",
  },
  {
    at: /^agent$/,
    key: /^dockerfile$/i,
    hint: "It goes under `build`: `build: { context: ., dockerfile: Dockerfile }`.",
  },
  {
    at: /./,
    key: /^persistent$/,
    hint: "The flag is gone: what has a `volume` is kept. Remove the line.",
  },
  {
    at: inContainer,
    key: /^(?:env|variables)$/,
    hint: "The key is `environment`; values that people give are entries of `inputs` beside `container`.",
  },
  { at: inContainer, key: /^inputs$/, hint: "`inputs` stands beside `container`, not in it." },
  {
    at: inContainer,
    key: /^volumes?$/,
    hint: "The key is `volume` and takes one path in the container: `volume: /data`.",
  },
  {
    at: inContainer,
    key: /^(?:command|cmd|entrypoint)$/,
    hint: "The image says what is started: put the command into its Dockerfile.",
  },
  {
    at: inComponent,
    key: /^(?:image|build|port|volume|environment|gpu|healthcheck)$/,
    hint: "It goes under `container`.",
  },
  {
    at: inComponent,
    key: /^(?:api_?key|token|key|secret)$/i,
    hint: "Credentials are not written here: the provider's variable is asked for by `ast project configure` and at deploy time.",
  },
  {
    at: inComponent,
    key: /^(?:name|type|kind)$/,
    hint: "The entry's own key is its name; `provider` says what it is.",
  },
  {
    at: /^models\.[^.]+$/,
    key: /^(?:base_?url|url|endpoint)$/i,
    hint: "A provider with an address of its own is a custom one: declare it under `providers`.",
  },
  {
    at: /^ingestion\.[^.]+$/,
    key: /^(?:image|build|port|volume|environment|gpu|healthcheck)$/,
    hint: "It goes under `container`.",
  },
  {
    at: /^ingestion\.[^.]+(?:\.trigger)?$/,
    key: /^(?:cron|schedules?|expression)$/,
    hint: 'When a job of the type `schedule` runs is said at deploy time: `ast deploy --schedule job="0 6 * * *"`.',
  },
  { at: /^ingestion\.[^.]+$/, key: /^type$/, hint: "It goes under `trigger`: `trigger: { type: manual }`." },
  {
    at: /^dev\.interfaces$/,
    key: /^(?:web|slack)$/,
    hint: "Channels are listed: `messaging: { adapters: [web, slack] }`.",
  },
  { at: /^dev\.interfaces\.messaging$/, key: /^adapter$/, hint: "The key is `adapters` and takes a list: `[web]`." },
  { at: /^dev\.overrides$/, key: /^playgroundImage$/, hint: "There is no playground image any more. Remove the line." },
  { at: /^dev$/, key: /^(?:frontend|messaging|adapters|port)$/, hint: "It goes under `dev.interfaces`." },
  { at: inInput, key: /^(?:type|data_?type)$/i, hint: "The key is `datatype`." },
  { at: inInput, key: /^(?:display|display_as|displayAs|ui)$/, hint: "The key is `display-as`." },
  { at: inInput, key: /^(?:required|mandatory)$/, hint: "Inputs are required unless they say `optional: true`." },
  { at: inInput, key: /^(?:value|default_value)$/, hint: "The key is `default`." },
  { at: inInput, key: /^(?:enum|choices|values)$/, hint: "The key is `options`, with `display-as: select`." },
  { at: inInput, key: /^(?:key|env|variable|id)$/, hint: "The key is `name`." },
  {
    at: /\.healthcheck$/,
    key: /^(?:start_period|startPeriod|initialDelaySeconds|start_interval)$/,
    hint: "There is no such wait: use more `retries`.",
  },
  { at: /\.healthcheck$/, key: /^(?:cmd|command|exec)$/, hint: 'The key is `test`: `["CMD", "..."]`.' },
  { at: /\.healthcheck$/, key: /^(?:url|http|http_?get|endpoint)$/i, hint: "The key is `path`: `/health`." },
];

/** Undefined when nothing is known about the key at this place. */
export function adviceFor(parent: string, key: string): string | undefined {
  return advices.find((advice) => advice.at.test(parent) && advice.key.test(key))?.hint;
}
