"use strict";
// The page is whole without this: it adds a filter, opens what a link names, and opens everything for printing.
(() => {
  const section = document.getElementById("routes");
  const rows = [...section.querySelectorAll(".row")];

  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) {
      if (at.localName === "details") at.open = true;
    }
    if (target) {
      target.hidden = false;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", openTarget);
  if (location.hash) openTarget();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });

  if (rows.length < 8) return;
  const filter = document.createElement("div");
  filter.className = "filter";
  const search = document.createElement("input");
  search.type = "search";
  search.placeholder = "Filter routes: path, handler, test";
  search.setAttribute("aria-label", "Filter routes");
  filter.append(search);
  const wanted = new Set();
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, at) => {
      row.hidden = (wanted.size > 0 && !wanted.has(row.dataset.verdict)) || !words.every((word) => texts[at].includes(word));
    });
  };
  const verdicts = ["behavior", "doubled", "setup", "implementation", "unknown", "untested"];
  for (const verdict of verdicts.filter((one) => rows.some((row) => row.dataset.verdict === one))) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = verdict;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const pressed = !wanted.delete(verdict) && Boolean(wanted.add(verdict));
      button.setAttribute("aria-pressed", String(pressed));
      apply();
    });
    filter.append(button);
  }
  search.addEventListener("input", apply);
  section.querySelector(".table").before(filter);
})();
