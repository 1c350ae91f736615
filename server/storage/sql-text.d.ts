// Lets TypeScript import SQL files as text, as Bun does with `with { type: "text" }`.
declare module "*.sql" {
  const text: string;
  export default text;
}
