// Runs before the first paint: puts the theme that the reader chose, or the system's, on the page.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("astrolabe.theme");
  } catch {
    // Storage may be closed to us; the system's theme will do.
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
