// Loaded before the page is painted: the reader's choice, where there is one, must not flash.
(() => {
  const root = document.documentElement;
  const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const keep = theme => { try { localStorage.setItem("theme", theme); } catch { /* private windows may refuse */ } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

  if (chosen() === "dark" || chosen() === "light")
    root.dataset.theme = chosen();

  const show = () => {
    document.getElementById("theme")?.setAttribute("aria-pressed", isDark());
    document.dispatchEvent(new Event("themechange"));
  };
  // On the document, which is there before the button is: a click is never too early.
  document.addEventListener("click", event => {
    if (!event.target.closest("#theme"))
      return;
    root.dataset.theme = isDark() ? "light" : "dark";
    keep(root.dataset.theme);
    show();
  });
  system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", show);
})();
