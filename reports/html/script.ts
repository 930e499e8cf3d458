/** Light or dark, on every page: as the system has it, until the button says otherwise. */
export const THEME = `
"use strict";
(() => {
  const root = document.documentElement;
  const theme = document.getElementById("theme");
  const dark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  try {
    const kept = localStorage.getItem("fmapspec-theme");
    if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  } catch {}
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("fmapspec-theme", root.dataset.theme); } catch {}
    name();
  });
  name();
})();
`.trim();

/**
 * What a page of results does: filter, search, and the byte view. Without it everything is still there to read.
 * It writes text only, never markup.
 */
export const SCRIPT = `
"use strict";
(() => {
  const all = [...document.querySelectorAll("ul.rules > li")];
  const search = document.getElementById("search");
  const filters = [...document.querySelectorAll(".filters button")];
  const count = document.getElementById("count");
  const words = all.map((li) => li.textContent.toLowerCase());

  const apply = () => {
    const wanted = search.value.toLowerCase().split(/\\s+/).filter((w) => w !== "");
    const on = filters.filter((b) => b.getAttribute("aria-pressed") === "true").flatMap((b) => b.value.split(" "));
    let n = 0;
    all.forEach((li, i) => {
      const hit = (on.length === 0 || on.includes(li.className)) && wanted.every((w) => words[i].includes(w));
      li.hidden = !hit;
      if (hit) n++;
    });
    for (const group of document.querySelectorAll("section.group"))
      group.hidden = group.querySelector("ul.rules > li:not([hidden])") === null;
    count.textContent = n + " of " + all.length + " tests";
  };
  search.addEventListener("input", apply);
  for (const b of filters)
    b.addEventListener("click", () => {
      b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  // What a link leads to may have been filtered out.
  for (const link of document.querySelectorAll(".failing a, .by-profile a"))
    link.addEventListener("click", () => {
      const rule = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (rule === null || !rule.hidden) return;
      search.value = "";
      for (const b of filters) b.setAttribute("aria-pressed", "false");
      apply();
    });
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && e.target !== search && !e.ctrlKey && !e.metaKey && !e.altKey) {
      e.preventDefault();
      search.focus();
    } else if (e.key === "Escape" && e.target === search) {
      search.value = "";
      apply();
    }
  });

  for (const view of document.querySelectorAll("figure.bytes")) {
    const fields = [...view.querySelectorAll(".field")];
    const told = view.querySelector(".field-text");
    const tell = (field) => { told.textContent = field.dataset.text; };
    const first = fields.findIndex((f) => f.classList.contains("hit"));
    if (fields.length === 0) continue;
    fields[Math.max(0, first)].tabIndex = 0;
    if (first >= 0) tell(fields[first]);
    const move = (i) => {
      for (const f of fields) f.tabIndex = -1;
      fields[i].tabIndex = 0;
      fields[i].focus();
    };
    fields.forEach((field, i) => {
      field.addEventListener("mouseenter", () => tell(field));
      field.addEventListener("focus", () => tell(field));
      field.addEventListener("click", () => move(i));
      field.addEventListener("keydown", (e) => {
        const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: fields.length - 1 }[e.key];
        if (to === undefined) return;
        e.preventDefault();
        if (fields[to] !== undefined) move(to);
      });
    });
  }
  apply();
})();
`.trim();
