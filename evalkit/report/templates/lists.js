"use strict";

// The worst, best and most disputed pairs, and those to check first.
const Lists = (() => {
  const { scored, metrics, data } = Model;
  const { element, figure } = Cells;
  const LENGTH = 6;

  function list(title, note, key, descending, detail) {
    const value = Model.keys.get(key).value;
    // Where triage is not above 0 the systems agree no more with each other than with the provided text.
    // Where confidence is a half or more there is nothing to look at.
    const apart = (score) => score !== null && (key !== "triage" || score > 0) && (key !== "confidence" || score < 0.5);
    const found = Model.sorted(scored.filter((pair) => apart(value(pair, -1))), key, descending).slice(0, LENGTH);
    if (!found.length) return null;
    const items = found.map((pair) => element("li", {}, element("a", { href: `#pair-${pair.n}` },
      element("span", { class: "detail" }, `#${pair.n} · ${detail(pair)}`),
      element("bdi", { lang: "en" }, pair.provided[0] || ""))));
    return element("section", { class: "card" }, element("h3", {}, title), element("p", {}, note), element("ol", {}, ...items));
  }

  function start() {
    const metric = metrics[data.leading];
    const score = (pair) => metrics.map((m, index) => `${m.label} ${figure(Model.score(pair, index, -1))}`).join(", ");
    const several = Model.keys.has("agreement");
    const [far, near] = metric.lower ? ["Highest", "Lowest"] : ["Lowest", "Highest"];
    const by = metric.label + (Model.together >= 0 ? ", all systems together" : several ? ", mean of the systems" : "");
    const cards = [
      several ? list("Check first", "The systems agree with each other and not with the provided English: a mistranslation, an omission or a misalignment?",
        "triage", true, (pair) => `triage ${figure(pair.triage)}, ${score(pair)}`) : null,
      list("Furthest apart", `${far} ${by}`, metric.id, metric.lower, score),
      list("Closest", `${near} ${by}`, metric.id, !metric.lower, score),
      list("Least sure", "The two sides may not belong together: the alignment found nothing better.",
        "confidence", false, (pair) => `confidence ${figure(pair.confidence, 2)}, ${score(pair)}`),
      several ? list("Most disputed", "The systems agree least with each other: a hard or ambiguous source?",
        "agreement", false, (pair) => `agreement ${figure(pair.agreement)}, ${score(pair)}`) : null,
    ];
    const place = document.querySelector("#look .lists");
    place.append(...cards.filter(Boolean));
    if (!place.children.length) document.getElementById("look").hidden = true;
  }

  return { start };
})();
