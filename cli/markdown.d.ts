// Markdown files as texts, for the guides.

declare module "*.md" {
  const text: string;
  export default text;
}
