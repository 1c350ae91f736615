// Scripts that complete `ast` in a shell, out of the declared commands: words that may follow, options with what they do.

import { globalOptions, type Command, type CommandGroup, type Option } from "./command.ts";
import type { Catalogue } from "./help.ts";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, catalogue: Catalogue): string {
  const nodes = nodesOf(catalogue);
  if (shell === "fish") return fishScript(nodes);
  return shell === "zsh" ? zshScript(nodes) : bashScript(nodes);
}

type Word = { readonly word: string; readonly summary: string };
/** What may follow some words. */
type Node = { readonly path: string; readonly words: readonly Word[]; readonly options: readonly Word[] };

function nodesOf({ commands, groups }: Catalogue): Node[] {
  const hiddenWords = new Set(groups.filter(({ hidden }) => hidden).map(({ path }) => path[0]));
  const visible = commands.filter(({ hidden }) => !hidden);
  const spelled = visible
    .flatMap((command) => [command.path, ...(command.aliases ?? [])].map((path) => ({ path, command })))
    .filter(({ path }) => !hiddenWords.has(path[0]));
  const paths = new Set([""]);
  for (const { path } of spelled)
    for (let length = 1; length <= path.length; length++) paths.add(path.slice(0, length).join(" "));
  const nodes = [...paths].map((path) => {
    const depth = path === "" ? 0 : path.split(" ").length;
    const following = new Map<string, string>();
    for (const { path: words, command } of spelled) {
      const word = words[depth];
      if (word === undefined || words.slice(0, depth).join(" ") !== path) continue;
      const group = groups.find((candidate) => candidate.path.join(" ") === words.slice(0, depth + 1).join(" "));
      if (words.length === depth + 1 || !following.has(word)) following.set(word, group?.summary ?? command.summary);
    }
    const own = spelled.find(({ path: words }) => words.join(" ") === path)?.command;
    return { path, words: [...following].map(([word, summary]) => ({ word, summary })), options: optionsOf(own) };
  });
  return [...nodes, ...groups.flatMap((group) => aliasNodes(group, nodes))];
}

/** The same below the other words of a group, which are not offered themselves. */
function aliasNodes({ path, aliases = [] }: CommandGroup, nodes: readonly Node[]): Node[] {
  const spelling = path.join(" ");
  return aliases.flatMap((alias) => {
    const other = [...path.slice(0, -1), alias].join(" ");
    return nodes
      .filter((node) => node.path === spelling || node.path.startsWith(`${spelling} `))
      .map((node) => ({ ...node, path: other + node.path.slice(spelling.length) }));
  });
}

function optionsOf(command: Command | undefined): Word[] {
  const all: Record<string, Option> = { ...globalOptions, ...command?.options };
  const shown = Object.entries(all).filter(([, { hidden }]) => !hidden);
  return [
    ...shown.map(([name, { summary }]) => ({ word: `--${name}`, summary })),
    { word: "--help", summary: "Show help" },
  ];
}

/** One word in a shell's single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function bashScript(nodes: readonly Node[]): string {
  const cases = nodes.map(
    ({ path, words, options }) =>
      `    ${quoted(path)}) words=${quoted(words.map(({ word }) => word).join(" "))}; options=${quoted(options.map(({ word }) => word).join(" "))} ;;`,
  );
  return `# Completes ast in bash: source <(ast completion bash)
_ast_completion() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" words="" options="" word known
  known=${quoted(`|${nodes.map(({ path }) => path).join("|")}|`)}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) continue ;; esac
    case "$known" in *"|\${path:+$path }$word|"*) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
  esac
}
complete -o default -F _ast_completion ast
`;
}

function zshScript(nodes: readonly Node[]): string {
  const described = (entries: readonly Word[]) =>
    entries.map(({ word, summary }) => quoted(`${word}:${summary.replaceAll(":", "\\:")}`)).join(" ");
  const cases = nodes.map(
    ({ path, words, options }) =>
      `    ${quoted(path)}) words_=(${described(words)}); options_=(${described(options)}) ;;`,
  );
  return `#compdef ast
# Completes ast in zsh: source <(ast completion zsh)
_ast() {
  local path_="" word
  local -a words_ options_
  local known_=${quoted(`|${nodes.map(({ path }) => path).join("|")}|`)}
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ "$word" == -* ]] && continue
    [[ "$known_" == *"|\${path_:+$path_ }$word|"* ]] && path_="\${path_:+$path_ }$word"
  done
  case "$path_" in
${cases.join("\n")}
  esac
  if [[ "$PREFIX" == -* ]]; then
    _describe option options_
  elif (( \${#words_} )); then
    _describe command words_
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == "_ast" ]]; then _ast "$@"; else compdef _ast ast; fi
`;
}

function fishScript(nodes: readonly Node[]): string {
  const known = nodes.map(({ path }) => quoted(path)).join(" ");
  const lines = nodes.flatMap(({ path, words, options }) => {
    const condition = `-n ${quoted(`__ast_path_is ${path}`.trim())}`;
    return [
      ...words.map(({ word, summary }) => `complete -c ast -f ${condition} -a ${quoted(word)} -d ${quoted(summary)}`),
      ...options.map(({ word, summary }) => `complete -c ast ${condition} -l ${word.slice(2)} -d ${quoted(summary)}`),
    ];
  });
  return `# Completes ast in fish: ast completion fish > ~/.config/fish/completions/ast.fish
function __ast_path_is
  set -l path
  set -l known ${known}
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and continue
    contains -- (string join ' ' $path $word) $known; and set -a path $word
  end
  test (string join ' ' $path) = (string join ' ' $argv)
end
${lines.join("\n")}
`;
}
