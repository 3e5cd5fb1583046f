// What the lists do beyond links and forms. All of it can be missing.
"use strict";

// An address has only the filters that are used.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-tidy]")) return;
  const empty = [...event.formData.entries()].filter(([, value]) => value.trim() === "").map(([name]) => name);
  empty.forEach((name) => {
    const kept = event.formData.getAll(name).filter((value) => value.trim() !== "");
    event.formData.delete(name);
    kept.forEach((value) => event.formData.append(name, value));
  });
});

// The bulk bar says how many are chosen; the box in the head chooses all that are shown.
function countPicked() {
  const said = document.querySelector(".bulk output");
  if (!said) return;
  const boxes = [...document.querySelectorAll("[name=pick]")];
  const picked = boxes.filter((box) => box.checked).length;
  said.textContent = picked;
  const all = document.querySelector(".pick-all");
  all.checked = picked > 0 && picked === boxes.length;
  all.indeterminate = picked > 0 && picked < boxes.length;
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".pick-all")) {
    document.querySelectorAll("[name=pick]").forEach((box) => { box.checked = event.target.checked; });
  }
  if (event.target.matches(".pick-all, [name=pick]")) countPicked();
});
document.addEventListener("htmx:afterSwap", countPicked);
window.addEventListener("pageshow", countPicked);
