"use strict";

// The parts of a row. All text goes in as text nodes, never as markup.
const Cells = (() => {
  const { metrics, systems, together, systemName } = Model;
  const { languages } = Model.data;

  function element(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  const figure = (value, digits = 1) => value === null ? "–" : value.toFixed(digits);

  // A text in a language, isolated so that a direction mark in it cannot reorder what follows. ``marks`` are error
  // spans, [begin, end, kind, title], that may cut across the changed pieces.
  function text(pieces, language, mark, marks = []) {
    const node = element("bdi", { lang: language });
    const cuts = marks.flatMap(([begin, end]) => [begin, end]);
    let at = 0;
    for (const [piece, changed] of pieces) {
      const borders = [at, ...cuts.filter((cut) => cut > at && cut < at + piece.length), at + piece.length].sort((a, b) => a - b);
      for (let k = 0; k + 1 < borders.length; k++) {
        const part = piece.slice(borders[k] - at, borders[k + 1] - at);
        const inside = marks.find(([begin, end]) => begin <= borders[k] && borders[k + 1] <= end);
        const shown = changed ? element(mark, {}, part) : part;
        node.append(inside ? element("span", { class: `error ${inside[2]}`, title: inside[3] }, shown) : shown);
      }
      at += piece.length;
    }
    return node;
  }

  function about(pair, rows) {
    const cell = element("th", { scope: "rowgroup", rowspan: rows, class: "about", "data-label": "Pair" },
      element("a", { href: `#pair-${pair.n}`, class: "number" }, `${pair.n}`));
    const small = (content, kind, title) => cell.append(element("span", { class: kind, title }, content));
    if (pair.status === "paired") small(pair.alignment, "badge", "source sentences, then provided sentences");
    else small(pair.status, "badge status");
    if (pair.status === "paired" && pair.confidence < 1) small(`confidence ${figure(pair.confidence, 2)}`, "detail");
    const [source, provided] = pair.lines;
    if (source && provided) small(`lines ${source} · ${provided}`, "detail", "line of the source · line of the provided text");
    else if (source || provided) small(`line ${source || provided}`, "detail");
    if (pair.document) small(pair.document, "detail document");
    if (pair.id) small(`id ${pair.id}`, "detail");
    if (pair.agreement !== null) small(`agreement ${figure(pair.agreement)}`, "detail");
    pair.flags.forEach((flag) => small(flag, "badge flag"));
    return cell;
  }

  // One <tbody> a pair, one row a system shown (all where ``system`` is -1).
  function body(pair, system) {
    let shown = system >= 0 ? [system] : systems.map((_, index) => index);
    shown = shown.filter((index) => pair.translations[index] || (index === together && pair.status === "paired"));
    const texts = shown.filter((index) => pair.translations[index]).map((index) => pair.translations[index]);
    const whole = (list) => list.map((item) => [[item, false]]);
    const [provided, translations] = pair.status === "paired"
      ? Diff.changes(pair.provided, texts) : [whole(pair.provided), whole(texts)];
    const rows = Math.max(shown.length, 1);
    const group = element("tbody", { id: `pair-${pair.n}`, tabindex: "-1" });
    for (let k = 0; k < rows; k++) {
      const row = element("tr");
      if (k === 0) {
        row.append(about(pair, rows),
          element("td", { rowspan: rows, class: "text", "data-label": "Source" }, text([[pair.source, false]], languages[0], "del", pair.source_marks)),
          element("td", { rowspan: rows, class: "text", "data-label": "Provided" },
            ...provided.map((pieces, number) => text(pieces, languages[1], "del", number === 0 ? pair.provided_marks : [])), ...providedScores(pair), ...findings(pair)));
      }
      row.append(...translation(pair, shown[k], translations));
      group.append(row);
    }
    return group;
  }

  // What metrics that need no reference say of the provided text itself.
  function providedScores(pair) {
    return metrics.flatMap((metric, m) => pair.provided_scores[m] === null ? []
      : [element("span", { class: "detail" }, `${metric.label} ${figure(pair.provided_scores[m], metric.decimals)}`)]);
  }

  // What looks wrong, in a sentence each.
  const findings = (pair) => pair.findings.map((message) => element("p", { class: "finding" }, message));

  // The cells of one system; takes its text off the front of ``translations``.
  function translation(pair, index, translations) {
    if (index === undefined) return [element("td", { colspan: metrics.length + 2, class: "none" }, pair.status === "paired" ? "no translation" : "not scored")];
    const pieces = pair.translations[index] ? translations.shift() : null;
    return [
      element("th", { scope: "row", class: "system", "data-label": "System" }, element("bdi", {}, systemName(index))),
      element("td", { class: "text" }, pieces ? text(pieces, languages[1], "ins", pair.marks[index]) : ""),
      ...metrics.map((metric, m) => element("td", { class: "figure", "data-label": metric.label }, figure(pair.scores[index][m], metric.decimals))),
    ];
  }

  return { element, figure, body };
})();
