// What the pages do beyond links and forms. All of it can be missing.
"use strict";

document.documentElement.classList.add("script");

// "/" goes to the search field, unless something is being typed.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const find = document.getElementById("find");
    if (find) {
      event.preventDefault();
      find.focus();
    }
  }
  if (event.key === "Escape") {
    document.querySelectorAll(".top details[open]").forEach((menu) => menu.removeAttribute("open"));
  }
});

// A choice marked so sends its form at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// A refusal is an answer like any other: what stands against it is shown in the place of the form.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// What was swapped in is told and reached: the summary of what is wrong, or the first field.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "act" && !document.getElementById("act")) return;
  const act = document.getElementById("act");
  const next = act.querySelector("#wrong") || act.querySelector("input:not([type=hidden]), select, textarea, button");
  if (next) next.focus();
});
