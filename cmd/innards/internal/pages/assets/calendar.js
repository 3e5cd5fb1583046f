// What the room calendar does beyond links: bars can be dragged, and their reservations are shown above the calendar. Every
// change goes through the form of its command, which says what it would do before it is done. All of it can be missing.
"use strict";

(() => {
  const table = document.getElementById("calendar");
  const panel = document.getElementById("panel");
  if (!table || !panel) return;
  const chart = table.parentElement;
  const scroller = chart.parentElement;
  const from = Date.parse(table.dataset.from);
  const nights = Number(table.dataset.nights);
  const today = table.dataset.today;

  // Dates and places: a day has two half cells, and a stay begins in the second of its first.
  const date = (day) => new Date(from + day * 864e5).toISOString().slice(0, 10);
  const place = (cell) => {
    let start = 0;
    for (let c = cell.previousElementSibling; c.tagName === "TD"; c = c.previousElementSibling) start += c.colSpan;
    const dayUse = start % 2 === 0 && !cell.classList.contains("l") && !cell.classList.contains("r") && cell.colSpan === 2;
    return { start, arrival: Math.floor(start / 2), departure: dayUse ? start / 2 : Math.floor((start + cell.colSpan) / 2), dayUse };
  };
  const dayWidth = () => table.querySelector(".days th:last-child").getBoundingClientRect().width;
  const has = (cell, name) => cell.classList.contains(name);

  // The address of a command's form, with the values that it proposes.
  const command = (bar, name, values) => {
    const url = new URL(bar.href);
    url.pathname += "/" + name;
    for (const [key, value] of Object.entries(values)) url.searchParams.set(key, value);
    return url;
  };

  // Another room: the whole stay, or the part of it that the bar is. Guests in the house are moved from now on.
  const change = (drag) => {
    const { bar, cell, row, days, edge } = drag;
    const { start, arrival, departure } = place(cell);
    if (edge === "arrival") return days && command(bar, "amend", { arrival: date(arrival + days) });
    if (edge === "departure") return days && command(bar, "amend", { departure: date(departure + days) });
    if (row === cell.parentElement) {
      return days && command(bar, "amend", { arrival: date(arrival + days), departure: date(departure + days) });
    }
    const room = row.dataset.room;
    if (room === cell.parentElement.dataset.room) return null;
    if (!room) return command(bar, "unassign-room", {});
    const values = { room };
    const splitLeft = has(cell, "l") && start > 0;
    const splitRight = has(cell, "r") && start + cell.colSpan < 2 * nights;
    if (has(cell, "h")) {
      if (splitLeft && date(arrival) > today) values.from = date(arrival);
      return command(bar, "move-room", values);
    }
    if (splitLeft) values.from = date(arrival);
    if (splitRight) values.to = date(departure);
    return command(bar, "assign-room", values);
  };

  // The panel.
  const title = document.getElementById("panel-title");
  const about = panel.querySelector(".about");
  const body = panel.querySelector(".body");
  const failed = panel.querySelector(".wrong");
  const link = panel.querySelector("a.open");
  let opener = null;
  let pending = null; // the drop that waits for an answer

  const show = (page) => {
    failed.hidden = true;
    title.textContent = page.querySelector("h1").textContent;
    about.textContent = opener.title;
    const parts = [".axes", ".what", "#act"].map((part) => page.querySelector("main " + part));
    body.replaceChildren(...parts.filter(Boolean));
    about.hidden = body.querySelector(".what") !== null;
    reveal(body.querySelector("#wrong") || body.querySelector(".foreseen ~ .buttons button, select, input:not([type=hidden])"));
  };
  const fail = () => {
    title.textContent = opener.textContent;
    about.hidden = true;
    body.replaceChildren();
    failed.textContent = panel.dataset.failed;
    failed.hidden = false;
    reveal();
  };
  const reveal = (next) => {
    if (!panel.open) panel.showModal();
    (next || title).focus();
  };

  const ask = async (url, options) => {
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, options);
      const address = answer.headers.get("HX-Redirect");
      if (address) { // done, or the visitor has to log in
        if (address.startsWith("/login")) location.assign(address);
        else await refresh();
        return null;
      }
      if (answer.redirected && new URL(answer.url).pathname === "/login") {
        location.assign(answer.url);
        return null;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector("h1")) throw new Error("no page");
      if (!page.getElementById("act")) page.querySelector(".problem")?.setAttribute("id", "act");
      return page;
    } catch {
      fail();
      return null;
    } finally {
      panel.removeAttribute("aria-busy");
    }
  };
  // What was done is shown where it was: the rows are read anew, as many pages of them as were there.
  let pages = 1;
  document.addEventListener("htmx:afterSwap", () => pages++);
  const refresh = async () => {
    const bodies = [];
    let said = null;
    for (let url = location.href, left = pages; url && left > 0; left--) {
      const page = await ask(url);
      if (!page) return;
      if (bodies.length) bodies.pop(); // it led to these
      bodies.push(...page.querySelectorAll("#calendar > tbody"));
      said ||= page.querySelector(".flash");
      url = page.querySelector("#calendar .more a")?.getAttribute("href");
    }
    for (const old of table.querySelectorAll("tbody")) old.remove();
    table.append(...bodies);
    htmx.process(table);
    document.querySelector(".flash")?.remove();
    if (said) document.getElementById("main").prepend(said);
    pending?.ghost.remove();
    pending = null;
    opener = bars().find((bar) => bar.href === opener.href) || bars()[0];
    rove(opener);
    panel.close();
  };
  const open = async (url) => {
    const page = await ask(url);
    if (page) show(page);
  };
  const send = (form, values) => ask(form.getAttribute("action"), {
    method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(values),
  });

  // A drop asks what the command would do. The values of the drop are sent even where the form has no choice for them, so that
  // the server says why not.
  const drop = async (url) => {
    const page = await ask(url);
    const form = page?.querySelector("#act form");
    if (!form) {
      if (page) show(page);
      return;
    }
    const values = new FormData(form);
    for (const [key, value] of url.searchParams) values.set(key, value);
    values.set("step", "preview");
    const answer = await send(form, values);
    if (!answer) return;
    if (!answer.querySelector("#act .foreseen")) flyBack();
    show(answer);
  };

  panel.addEventListener("submit", async (event) => {
    if (event.target.method === "dialog") return;
    event.preventDefault();
    const values = new FormData(event.target, event.submitter);
    if (event.submitter) event.submitter.disabled = true;
    const page = await send(event.target, values);
    if (page) show(page);
    else if (event.submitter) event.submitter.disabled = false;
  });
  panel.addEventListener("click", (event) => {
    if (event.target === panel) return panel.close();
    const a = event.target.closest(".body a[href]");
    if (!a || event.ctrlKey || event.metaKey || event.shiftKey || a.getAttribute("href").startsWith("#")) return;
    if (a.classList.contains("plain")) {
      event.preventDefault();
      panel.close();
    } else if (a.pathname.startsWith(new URL(link.href).pathname + "/")) {
      event.preventDefault();
      open(a.href);
    }
  });
  panel.addEventListener("close", () => {
    flyBack();
    body.replaceChildren();
    opener?.focus();
  });

  const openBar = (bar) => {
    opener = bar;
    link.href = bar.href;
  };
  table.addEventListener("click", (event) => {
    const bar = event.target.closest("td > a[title]");
    if (!bar || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (dragged) return;
    openBar(bar);
    open(bar.href);
  });

  // Keyboard: one bar takes the focus, arrows go to the one beside it, or nearest above or below.
  const bars = () => [...table.querySelectorAll("td > a[title]")];
  const rove = (bar) => {
    for (const other of bars()) other.tabIndex = other === bar ? 0 : -1;
  };
  const nearest = (bar, direction) => {
    const x = place(bar.parentElement).start;
    for (let row = beside(bar.closest("tr"), direction); row; row = beside(row, direction)) {
      const found = [...row.querySelectorAll("td > a[title]")];
      if (found.length) {
        const off = (b) => Math.abs(place(b.parentElement).start - x);
        return found.reduce((best, b) => (off(b) < off(best) ? b : best));
      }
    }
    return null;
  };
  const rows = () => [...table.querySelectorAll("tr[data-room]")];
  const beside = (row, direction) => {
    const all = rows();
    return all[all.indexOf(row) + direction];
  };
  table.addEventListener("keydown", (event) => {
    const bar = event.target.closest("td > a[title]");
    if (!bar || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = bars();
    const to = {
      ArrowLeft: () => all[all.indexOf(bar) - 1], ArrowRight: () => all[all.indexOf(bar) + 1],
      ArrowUp: () => nearest(bar, -1), ArrowDown: () => nearest(bar, 1), Home: () => all[0], End: () => all.at(-1),
    }[event.key]?.();
    if (to) {
      event.preventDefault();
      to.focus();
    }
  });
  table.addEventListener("focusin", (event) => {
    const bar = event.target.closest("td > a[title]");
    if (bar) rove(bar);
  });
  document.addEventListener("htmx:afterSwap", () => rove(document.activeElement.closest("td > a[title]") || bars()[0]));
  rove(bars()[0]);

  // Dragging, with a mouse or a pen; a finger scrolls.
  let drag = null;
  let dragged = false;

  const edgeAt = (bar, x) => {
    const cell = bar.parentElement;
    const box = bar.getBoundingClientRect();
    const grip = Math.min(8, box.width / 4);
    if (x > box.right - grip && !has(cell, "r")) return "departure";
    if (x < box.left + grip && !has(cell, "l") && !has(cell, "h")) return "arrival";
    return "";
  };
  table.addEventListener("dragstart", (event) => event.preventDefault());
  table.addEventListener("pointermove", (event) => {
    const bar = event.target.closest?.("td:not(.d) > a[title]");
    if (bar && !drag) bar.classList.toggle("edge", edgeAt(bar, event.clientX) !== "");
  });
  table.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest("td:not(.d) > a[title]");
    dragged = false;
    if (!bar || event.button !== 0 || event.pointerType === "touch" || pending) return;
    const cell = bar.parentElement;
    drag = { bar, cell, row: cell.parentElement, days: 0, edge: edgeAt(bar, event.clientX), x: event.clientX + scroller.scrollLeft, ghost: null, pointer: event };
  });

  const lift = () => {
    const { bar, cell } = drag;
    const box = bar.getBoundingClientRect();
    const origin = chart.getBoundingClientRect();
    const ghost = document.createElement("div");
    ghost.className = "ghost " + cell.className;
    ghost.textContent = bar.textContent;
    drag.home = { x: box.left - origin.left, y: box.top - origin.top, width: box.width };
    drag.ghost = ghost;
    drag.width = dayWidth();
    chart.append(ghost);
    cell.classList.add("from");
    dragged = true;
  };
  const put = (ghost, x, y, width) => {
    ghost.style.transform = `translate(${x}px, ${y}px)`;
    ghost.style.width = `${width}px`;
  };
  const follow = () => {
    const { home, ghost, edge, pointer, width, cell } = drag;
    let days = Math.round((pointer.clientX + scroller.scrollLeft - drag.x) / width);
    const stay = place(cell);
    const length = stay.departure - stay.arrival;
    if (edge === "arrival") days = Math.min(days, length);
    if (edge === "departure") days = Math.max(days, -length);
    let row = cell.parentElement;
    if (!edge) {
      row = document.elementFromPoint(pointer.clientX, pointer.clientY)?.closest("tr[data-room]") || drag.row;
      if (row !== cell.parentElement || has(cell, "h") || has(cell, "l") || has(cell, "r")) days = 0;
    }
    drag.row.classList.remove("target");
    if (row !== cell.parentElement) row.classList.add("target");
    Object.assign(drag, { row, days });
    const y = home.y + row.getBoundingClientRect().top - cell.parentElement.getBoundingClientRect().top;
    const shift = days * width;
    if (edge === "arrival") put(ghost, home.x + shift, y, Math.max(home.width - shift, 12));
    else if (edge === "departure") put(ghost, home.x, y, Math.max(home.width + shift, 12));
    else put(ghost, home.x + shift, y, home.width);
  };
  const scroll = (event) => {
    const box = scroller.getBoundingClientRect();
    const pull = (at, low, high) => (at < low + 40 ? -12 : at > high - 40 ? 12 : 0);
    scroller.scrollBy(pull(event.clientX, box.left + 120, box.right), pull(event.clientY, box.top + 40, box.bottom));
  };
  document.addEventListener("pointermove", (event) => {
    if (!drag || drag.waits) return;
    const moved = Math.abs(event.clientX - drag.pointer.clientX) + Math.abs(event.clientY - drag.pointer.clientY);
    if (!drag.ghost && moved < 6) return;
    drag.pointer = event;
    if (!drag.ghost) {
      lift();
      table.setPointerCapture(event.pointerId);
    }
    scroll(event);
    follow();
  });
  const settle = () => {
    drag.row.classList.remove("target");
    drag.waits = true;
    pending = drag;
    drag = null;
  };
  document.addEventListener("pointerup", () => {
    if (!drag) return;
    if (!drag.ghost) {
      drag = null;
      return;
    }
    const url = change(drag);
    openBar(drag.bar);
    settle();
    if (url) drop(url);
    else flyBack();
  });
  const giveUp = () => {
    if (!drag) return;
    if (drag.ghost) {
      settle();
      flyBack();
    }
    drag = null;
  };
  document.addEventListener("pointercancel", giveUp);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") giveUp();
  });

  // What was not done goes back to where it was.
  const flyBack = () => {
    if (!pending) return;
    const { ghost, home, cell } = pending;
    pending = null;
    ghost.classList.add("back");
    put(ghost, home.x, home.y, home.width);
    const end = () => {
      ghost.remove();
      cell.classList.remove("from");
    };
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) end();
    else setTimeout(end, 260);
  };
})();
