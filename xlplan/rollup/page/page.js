"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const data = JSON.parse(byId("data").textContent);
  const form = byId("choose");
  const NAMES = ["district", "school", "template", "state", "status", "q"];
  const WORDS = { district: "district", school: "school", template: "template", state: "plan state", status: "activity status", q: "search" };
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/\s+/g, " ").trim();
  const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  const make = (tag, set = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), set);
    made.append(...inside);
    return made;
  };

  // What is chosen, in the address: #part?name=value&sort=table:column:desc
  let part = "";
  let chosen = {};
  const sorts = new Map();

  function readAddress() {
    const [id, query = ""] = location.hash.slice(1).split(/\?(.*)/s);
    try { part = decodeURIComponent(id); } catch { part = id; }
    const asked = new URLSearchParams(query);
    chosen = {};
    for (const name of NAMES) chosen[name] = (asked.get(name) || "").slice(0, 500);
    sorts.clear();
    for (const one of asked.getAll("sort")) {
      const [table, column, way] = one.split(":");
      sorts.set(table, { column: Number(column), down: way === "desc" });
    }
  }

  function address() {
    const query = new URLSearchParams();
    for (const name of NAMES) if (chosen[name]) query.set(name, chosen[name]);
    for (const [table, { column, down }] of sorts) query.append("sort", `${table}:${column}:${down ? "desc" : "asc"}`);
    const said = query.toString();
    return `#${encodeURIComponent(part)}${said ? `?${said}` : ""}`;
  }

  let waiting = 0;
  function keepAddress() {
    clearTimeout(waiting); // browsers refuse an address that changes a hundred times a minute
    waiting = setTimeout(() => {
      const now = address();
      if (now !== location.hash && (now !== "#" || location.hash)) history.replaceState(null, "", now);
    }, 250);
  }

  // Figures: of the plans that are chosen
  const plans = data.plans.map(([plan, district, school, template, state]) => (
    { plan, district, school, folded: fold(school), template, state }));
  const schools = new Set(plans.map((one) => one.folded));
  let picked = null; // a set of plans, or null where it is all of them

  function pick() {
    const { district, school, template, state } = chosen;
    if (!plans.length || (!district && !school && !template && !state)) return null;
    const folded = fold(school);
    const exact = schools.has(folded);
    return new Set(plans.filter((one) => (!district || one.district === district) && (!template || one.template === template)
      && (!state || one.state === state) && (!folded || (exact ? one.folded === folded : one.folded.includes(folded))))
      .map((one) => one.plan));
  }

  const counted = new Map();
  function figure(key) {
    if (key === "") return 0;
    if (counted.has(key)) return counted.get(key);
    const flat = data.figures[key];
    let found = 0;
    for (let at = 0; at < flat.length; at += 2) {
      if (picked && !picked.has(flat[at])) continue;
      found += flat[at + 1];
    }
    counted.set(key, found);
    return found;
  }

  const money = (cents, short) => {
    const rest = Math.abs(cents) % 100;
    const sign = cents < 0 ? "-" : "";
    const whole = `${short ? "$" + sign : "$" + sign}${grouped(Math.floor(Math.abs(cents) / 100))}`;
    return short && !rest ? whole : `${whole}.${String(rest).padStart(2, "0")}`;
  };
  const plain = (value, kind) => (kind === "money" ? money(value, true) : grouped(value));

  function told(key, as) {
    if (as === "count") return grouped(figure(key));
    if (as === "money" || as === "money-short") return money(figure(key), as !== "money");
    const [one, whole] = key.split("/").map(figure);
    if (as === "percent") return whole ? `${Math.floor(100 * one / whole)}%` : "–";
    return as === "of" ? `${grouped(one)} of ${grouped(whole)}` : `${money(one, true)} of ${money(whole, true)}`;
  }

  const shownFigures = all("[data-as]").map((node) => ({ node, key: node.dataset.n, as: node.dataset.as, whole: node.textContent }));
  const worth = (one) => Math.max(...one.key.split("/").map(figure));

  // Charts: as charts.py draws them
  const charts = all(".chart").map((node) => ({
    svg: node.querySelector("svg"), kind: node.dataset.kind, upright: "upright" in node.dataset,
    heading: node.querySelector("figcaption .note").textContent, cut: Boolean(node.querySelector("figcaption .note.said")), desc: node.querySelector("desc"),
    parts: all(".legend li", node).map((item) => item.textContent),
    bars: all("g.bar", node).map((g) => ({
      label: g.dataset.label, rects: all("rect", g), texts: all("text.in", g), sum: g.querySelector("text.sum"),
    })),
  }));

  function draw(chart) {
    const ROOM_ACROSS = 6, ROOM_UP = 16, TALL = 190, GROUND = 212;
    const value = (rect) => (!picked || rect.dataset.n === "" ? (picked ? 0 : Number(rect.dataset.v)) : figure(rect.dataset.n));
    const values = chart.bars.map((bar) => bar.rects.map(value));
    const sums = values.map((row) => row.reduce((a, b) => a + b, 0));
    const most = Math.max(...sums) || 1;
    chart.bars.forEach((bar, row) => {
      const several = bar.rects.length > 1;
      let at = chart.upright ? GROUND : 0;
      bar.rects.forEach((rect, n) => {
        const text = bar.texts[n];
        const long = (chart.upright ? TALL : 100) * values[row][n] / most;
        if (chart.upright) {
          at -= long;
          rect.setAttribute("y", at.toFixed(2));
          rect.setAttribute("height", long.toFixed(2));
          text.setAttribute("y", (at + long / 2 + 4.5).toFixed(2));
        } else {
          rect.setAttribute("x", `${at.toFixed(2)}%`);
          rect.setAttribute("width", `${long.toFixed(2)}%`);
          text.setAttribute("x", `${(at + long / 2).toFixed(2)}%`);
          at += long;
        }
        text.textContent = several && long >= (chart.upright ? ROOM_UP : ROOM_ACROSS) ? plain(values[row][n], chart.kind) : "";
      });
      if (chart.upright) bar.sum.setAttribute("y", (at - 5).toFixed(2));
      bar.sum.textContent = plain(sums[row], chart.kind);
    });
    const rows = chart.bars.map((bar, row) => `${bar.label}: ${values[row].map((one, n) => (
      bar.rects.length > 1 ? `${chart.parts[n]} ${plain(one, chart.kind)}` : plain(one, chart.kind))).join(", ")}`);
    chart.desc.textContent = `${chart.heading}${chart.cut && picked ? " of all plans" : ""}. ${rows.join(". ")}.`;
  }

  // Tables: their rows follow what is chosen, are searched and sorted
  const figuresOf = new Map(shownFigures.map((one) => [one.node, one]));
  const tables = all(".table").filter((node) => node.querySelector("tbody")).map((node) => {
    const body = node.querySelector("tbody");
    const rows = [...body.rows].map((row, at) => ({
      row, at, plan: row.dataset.p === undefined ? null : Number(row.dataset.p), status: row.dataset.s || "",
      figures: all("[data-as]", row).map((one) => figuresOf.get(one)), text: null,
    }));
    return { node, body, rows, id: node.id, open: false, own: "", order: rows, sorted: "", behind: Boolean(node.closest(".chart")) };
  });

  // A title that counts, and a list that knows no plans, speak of all plans whatever is chosen
  for (const { node, rows, behind } of tables) {
    const title = node.querySelector("h3, h4, h5");
    const fixed = rows.every((one) => one.plan === null && !one.figures.length);
    const counts = /^\d|[:,] (?!20\d\d$)[\d,]+( |$)/.test(title.textContent);
    if (!behind && !node.closest(".plan") && (fixed || counts)) title.classList.add("said");
  }

  const textOf = (one) => (one.text ??= fold(one.row.textContent));
  const has = (text, words) => words.every((word) => text.includes(word));

  function fits(one, words) {
    if (one.plan !== null) { if (picked && !picked.has(one.plan)) return false; }
    else if (picked && one.figures.length && one.figures.every((each) => worth(each) === 0)) return false;
    if (chosen.status && one.status && one.status !== chosen.status) return false;
    return !words.length || has(textOf(one), words);
  }

  function show(table, words) {
    const all_ = table.behind ? [] : [...words, ...fold(table.own).split(" ").filter(Boolean)];
    let found = 0;
    for (const one of table.order) {
      const fit = table.behind || fits(one, all_);
      if (fit) found += 1;
      const hide = !fit || (!table.open && !table.behind && found > data.long);
      if (one.row.hidden !== hide) one.row.hidden = hide;
    }
    const long = table.rows.length > data.long && !table.behind;
    if (table.tools) {
      const cut = !table.open && found > data.long;
      const every = table.rows.length;
      const of = found === every ? `${grouped(every)} rows` : `${grouped(found)} ${found === 1 ? "row that fits" : "rows that fit"}, of ${grouped(every)}`;
      table.said.textContent = cut ? `${data.long} of ${of}` : of;
      table.more.hidden = found <= data.long;
      table.more.textContent = table.open ? `Show the first ${data.long}` : `Show all ${grouped(found)} rows`;
      table.more.setAttribute("aria-expanded", String(table.open));
    }
    if (!found && !table.none) {
      table.none = make("p", { className: "empty", textContent: "No row fits what is chosen." });
      table.node.append(table.none);
    }
    if (table.none) table.none.hidden = found > 0;
    const scroll = table.node.querySelector(".scroll");
    if (scroll.hidden !== !found) scroll.hidden = !found;
    return long;
  }

  function tools(table) {
    if (table.behind || table.rows.length <= data.long) return;
    const title = table.node.querySelector("h3, h4, h5").textContent;
    const input = make("input", { type: "search", id: `${table.id}-search` });
    const label = make("label", { htmlFor: input.id, textContent: "Search this list" });
    table.said = make("output", { htmlFor: input.id });
    table.more = make("button", { type: "button" });
    table.more.setAttribute("aria-controls", table.id);
    input.setAttribute("aria-label", `Search this list: ${title}`);
    input.addEventListener("input", () => { table.own = input.value; show(table, wordsOf()); });
    table.more.addEventListener("click", () => {
      table.open = !table.open;
      show(table, wordsOf());
      if (!table.open) table.node.scrollIntoView({ block: "start" });
    });
    table.input = input;
    table.tools = make("div", { className: "tools" }, make("span", {}, label, " ", input), table.said);
    table.node.querySelector(".scroll").before(table.tools);
    table.tools.append(table.more);
  }

  const heads = (table) => [...table.node.querySelector("thead tr").cells];
  const EMPTY = new Set(["–", ""]);

  function keyOf(cell, kind) {
    const text = cell.textContent.trim();
    if (EMPTY.has(text)) return null;
    const time = cell.querySelector("time");
    if (time) return time.dateTime;
    const of = text.match(/^(\$?[\d,.]+) of (\$?[\d,.]+)/);
    const number = (one) => Number(one.replace(/[^\d.-]/g, ""));
    if (of) return number(of[2]) ? number(of[1]) / number(of[2]) : null;
    if (/^-?\$?-?[\d,]+(\.\d+)?%?$/.test(text) && kind !== "prose") return number(text);
    return fold(text);
  }

  const compare = new Intl.Collator("en", { numeric: true }).compare;
  function sort(table) {
    const asked = sorts.get(table.id);
    const cells = heads(table);
    const head = asked && cells[asked.column];
    const now = head ? `${asked.column}${asked.down}` : "";
    if (now === table.sorted && !(head && picked !== table.pickedThen)) return;
    table.sorted = now;
    table.pickedThen = picked;
    cells.forEach((cell, at) => {
      if (head && at === asked.column) cell.setAttribute("aria-sort", asked.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    if (head) {
      const kind = head.className;
      const keyed = table.rows.map((one) => ({ one, key: keyOf(one.row.cells[asked.column], kind) }));
      const sign = asked.down ? -1 : 1;
      keyed.sort((a, b) => {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.one.at - b.one.at;
        const both = typeof a.key === "number" && typeof b.key === "number";
        return sign * (both ? a.key - b.key : compare(String(a.key), String(b.key))) || a.one.at - b.one.at;
      });
      table.order = keyed.map(({ one }) => one);
    } else {
      table.order = table.rows;
    }
    table.body.append(...table.order.map((one) => one.row));
  }

  function sortable(table) {
    if (table.rows.length < 2) return;
    heads(table).forEach((cell, column) => {
      const button = make("button", { type: "button", textContent: cell.textContent });
      button.addEventListener("click", () => {
        const was = sorts.get(table.id);
        const first = ["count", "money", "share"].includes(cell.className);
        sorts.set(table.id, { column, down: was && was.column === column ? !was.down : first });
        sort(table);
        show(table, wordsOf());
        keepAddress();
      });
      cell.dataset.label = cell.textContent; // Chromium repeats a head on each printed page, but no buttons in it
      cell.replaceChildren(button);
    });
  }

  const wordsOf = () => fold(chosen.q || "").split(" ").filter(Boolean);

  // Plans: a part each
  const folded = all("details.plan").map((node) => ({ node, plan: node.dataset.p === undefined ? null : Number(node.dataset.p), text: null }));

  function showPlans(words) {
    let found = 0;
    for (const one of folded) {
      const fit = (one.plan === null || !picked || picked.has(one.plan))
        && (!words.length || has(one.text ??= fold(one.node.textContent), words));
      if (fit) found += 1;
      if (one.node.hidden === fit) one.node.hidden = !fit;
    }
    const none = byId("no-plan");
    if (none) none.hidden = found > 0 || !folded.length;
  }

  // All of it again
  function apply() {
    picked = pick();
    counted.clear();
    for (const one of shownFigures) {
      const text = picked ? told(one.key, one.as) : one.whole;
      if (one.node.textContent !== text) one.node.textContent = text;
    }
    charts.forEach(draw);
    const words = wordsOf();
    for (const table of tables) {
      sort(table);
      show(table, table.node.closest(".plan") ? [] : words);
    }
    showPlans(words);
    say();
  }

  function say() {
    const set = NAMES.filter((name) => chosen[name]);
    const many = picked ? picked.size : plans.length;
    const of = plans.length ? `${grouped(many)} of ${grouped(plans.length)} plans` : "";
    byId("count").textContent = [of, set.length ? "" : "nothing is filtered"].filter(Boolean).join(", ");
    const target = part && byId(part);
    const nowhere = part && !target ? ["The link leads to a part that is not on this page."] : [];
    byId("filtered").hidden = !set.length && !nowhere.length;
    byId("shown").hidden = !set.length;
    byId("of-plans").hidden = !picked;
    document.body.classList.toggle("noted", Boolean(set.length));
    document.body.classList.toggle("filtering", Boolean(picked));
    const label = (name) => {
      const field = form.elements[name];
      const option = field && field.options && field.selectedOptions[0];
      return `${WORDS[name]} “${option && option.value ? option.textContent : chosen[name]}”`;
    };
    byId("which").textContent = [...set.map(label), picked ? of : ""].filter(Boolean).join(", ");
    byId("rows-only").hidden = !(chosen.status || chosen.q);
    const lost = set.filter((name) => form.elements[name]?.options && form.elements[name].value !== chosen[name]);
    const strange = set.filter((name) => !form.elements[name] && !plans.some((one) => one[name] === chosen[name]));
    const gone = target && target.hidden ? ["The plan that the link leads to is not among those that are shown. Reset shows it."] : [];
    const none = picked && !picked.size ? ["No plan fits. Change a choice, or take Reset."] : [];
    byId("trouble").textContent = [
      ...[...lost, ...strange].map((name) => `The link asks for ${/^[aeiou]/.test(WORDS[name]) ? "an" : "a"} ${WORDS[name]} that is not on this page: “${chosen[name]}”.`),
      ...none, ...gone, ...nowhere].join(" ");
  }

  function fill() {
    for (const name of NAMES) {
      const field = form.elements[name];
      if (field) field.value = chosen[name];
    }
  }

  function go(focus) {
    const target = part && byId(part);
    if (!target) return;
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView({ block: "start" });
    if (!focus) return;
    const near = target.matches("details") ? target.querySelector("summary") : target.querySelector("h2, h3") || target;
    if (!near.matches("summary, a, button")) near.tabIndex = -1;
    near.focus({ preventScroll: true });
  }

  function arrive(focus) {
    readAddress();
    fill();
    apply();
    go(focus);
  }

  let typing = 0;
  function choose() {
    clearTimeout(typing);
    for (const name of NAMES) if (form.elements[name]) chosen[name] = form.elements[name].value;
    apply();
    keepAddress();
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", choose);
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(choose, 60);
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clearTimeout(typing);
    for (const name of NAMES) chosen[name] = "";
    sorts.clear();
    for (const table of tables) {
      table.own = "";
      if (table.input) table.input.value = "";
    }
    fill();
    apply();
    keepAddress();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (link.classList.contains("skip")) { event.preventDefault(); byId("main").focus(); return; }
    event.preventDefault();
    clearTimeout(waiting);
    part = link.getAttribute("href").slice(1);
    const now = address();
    if (now === location.hash) history.replaceState(null, "", now);
    else history.pushState(null, "", now);
    say();
    go(true);
  });
  window.addEventListener("popstate", () => arrive(false));

  tables.forEach(tools);
  tables.forEach(sortable);
  form.hidden = false;
  arrive(Boolean(location.hash));
})();
