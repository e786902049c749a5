"use strict";

// The table of pairs: filters, order, pages. Only the rows of one page are in the document.
const Table = (() => {
  const { pairs, metrics, systems, keys } = Model;
  const { element } = Cells;
  const form = document.getElementById("filters");
  const table = document.getElementById("table");
  const fields = form.elements;
  const state = { list: pairs, page: 0, key: "n", descending: false };

  const number = (field) => field.value === "" || Number.isNaN(field.valueAsNumber) ? null : field.valueAsNumber;

  function filters() {
    return {
      text: fields.text.value.trim(),
      document: fields.document.value === "*" ? null : fields.document.value.slice(1),
      status: fields.status.value,
      flag: fields.flag.value,
      system: Number(fields.system.value),
      metric: Number(fields.metric.value),
      low: number(fields.low),
      high: number(fields.high),
      sure: number(fields.sure),
      unsure: number(fields.unsure),
    };
  }

  const size = () => Number(fields.size.value) || state.list.length || 1;
  const pages = () => Math.max(1, Math.ceil(state.list.length / size()));

  function choose() {
    const wanted = filters();
    state.list = Model.sorted(Model.chosen(wanted), state.key, state.descending, wanted.system);
    state.page = 0;
    draw();
  }

  function draw() {
    const begin = state.page * size(), system = Number(fields.system.value);
    const shown = state.list.slice(begin, begin + size());
    table.querySelectorAll("tbody").forEach((body) => body.remove());
    table.append(...shown.map((pair) => Cells.body(pair, system)));
    const of = state.list.length === pairs.length ? "" : ` (of ${pairs.length} in all)`;
    document.getElementById("count").textContent = shown.length
      ? `Pairs ${begin + 1}–${begin + shown.length} of ${state.list.length}${of}`
      : `No pair matches${of}`;
    document.getElementById("page").textContent = `Page ${state.page + 1} of ${pages()}`;
    const first = state.page === 0, last = state.page === pages() - 1;
    document.querySelectorAll(".pager button").forEach((button) => {
      button.disabled = ["first", "previous"].includes(button.dataset.step) ? first : last;
    });
    for (const header of table.querySelectorAll("th[data-key]")) {
      const own = header.dataset.key === state.key;
      header.setAttribute("aria-sort", own ? (state.descending ? "descending" : "ascending") : "none");
    }
    fields.sort.value = `${state.key} ${state.descending ? "down" : "up"}`;
  }

  function sort(key, descending) {
    Object.assign(state, { key, descending });
    choose();
  }

  function reset() {
    form.reset();
    sort("n", false);
  }

  // Show a pair wherever it is: if the filters hide it, they are cleared.
  function show(n) {
    const pair = Model.find(n);
    if (!pair) return;
    if (!state.list.includes(pair)) reset();
    state.page = Math.floor(state.list.indexOf(pair) / size());
    draw();
    const body = document.getElementById(`pair-${n}`);
    body.classList.add("found");
    body.scrollIntoView({ block: "center" });
    body.focus({ preventScroll: true });
  }

  function header() {
    const row = table.querySelector("thead tr");
    const sortable = (key) => {
      const button = element("button", { type: "button" }, keys.get(key).label);
      button.addEventListener("click", () => sort(key, state.key === key ? !state.descending : false));
      return element("th", { scope: "col", "data-key": key, "aria-sort": "none", class: key === "n" ? null : "figure" }, button);
    };
    const fixed = (name) => element("th", { scope: "col" }, name);
    row.append(sortable("n"), fixed("Source"), fixed("Provided"), fixed("System"), fixed("Translation"), ...metrics.map((metric) => sortable(metric.id)));
  }

  function fill(field, options) {
    field.append(...options.map(([value, label]) => element("option", { value }, label)));
  }

  function options() {
    const distinct = (values) => [...new Set(values)];
    // Names of documents are marked, so that one called "*" or nothing at all can be chosen too.
    fill(fields.document, [["*", "all"], ...distinct(pairs.map((p) => p.document)).map((d) => [`=${d}`, d || "(none)"])]);
    fill(fields.status, [["", "all"], ...distinct(pairs.map((p) => p.status)).map((s) => [s, s])]);
    fill(fields.flag, [["", "any or none"], ...distinct(pairs.flatMap((p) => p.flags)).sort().map((f) => [f, f])]);
    fill(fields.system, [["-1", "all"], ...systems.map((_, index) => [index, Model.systemName(index)])]);
    fill(fields.metric, metrics.map((metric, index) => [index, metric.label]));
    fill(fields.sort, [...keys].flatMap(([key, { label }]) => [[`${key} up`, `${label} ↑`], [`${key} down`, `${label} ↓`]]));
  }

  const steps = {
    first: () => 0, previous: () => state.page - 1, next: () => state.page + 1, last: () => pages() - 1,
  };

  function start() {
    header();
    options();
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => { if (event.target !== fields.sort) choose(); });
    document.getElementById("clear").addEventListener("click", reset);
    fields.sort.addEventListener("change", () => {
      const [key, way] = fields.sort.value.split(" ");
      sort(key, way === "down");
    });
    document.querySelectorAll(".pager button").forEach((button) => button.addEventListener("click", () => {
      state.page = steps[button.dataset.step]();
      draw();
      document.getElementById("pairs").scrollIntoView();
    }));
    choose();
  }

  return { start, show };
})();
