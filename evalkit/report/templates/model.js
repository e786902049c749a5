"use strict";

// The pairs, and which of them are chosen in which order. Nothing here touches the page.
const Model = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { pairs, metrics, systems } = data;
  const together = systems.indexOf(data.together);

  const mean = (values) => values.length ? values.reduce((a, b) => a + b, 0) / values.length : null;

  // One score of a pair: of a system, or of all (-1): that against all of them together, else the mean.
  function score(pair, metric, system) {
    if (system < 0 && together >= 0) system = together;
    if (system >= 0) return pair.scores[system][metric];
    return mean(pair.scores.map((row) => row[metric]).filter((value) => value !== null));
  }

  // What a table can be sorted by: name -> {label, value(pair, system)}.
  const keys = new Map([["n", { label: "Pair", value: (pair) => pair.n }]]);
  metrics.forEach((metric, index) => keys.set(metric.id, {
    label: metric.label, value: (pair, system) => score(pair, index, system),
  }));
  metrics.forEach((metric, index) => {
    if (pairs.some((pair) => pair.provided_scores[index] !== null)) {
      keys.set(`provided_${metric.id}`, { label: `${metric.label} of provided`, value: (pair) => pair.provided_scores[index] });
    }
  });
  for (const name of ["error_probability", "agreement", "triage"]) {
    if (pairs.some((pair) => pair[name] !== null)) {
      keys.set(name, { label: name[0].toUpperCase() + name.slice(1).replace("_", " "), value: (pair) => pair[name] });
    }
  }
  keys.set("confidence", { label: "Confidence", value: (pair) => pair.confidence });

  // Sorted copy; pairs without a value come last in both directions, equal ones in input order.
  function sorted(list, key, descending, system = -1) {
    const value = keys.get(key).value, sign = descending ? -1 : 1;
    return list.map((pair) => [value(pair, system), pair]).sort(([a, p], [b, q]) => {
      if (a === null || b === null) return (a === null) - (b === null) || p.n - q.n;
      return sign * (a - b) || p.n - q.n;
    }).map(([, pair]) => pair);
  }

  const haystacks = new Map();
  function haystack(pair) {
    if (!haystacks.has(pair)) {
      const texts = [pair.source, ...pair.provided, ...pair.translations, pair.id];
      haystacks.set(pair, texts.join("\n").toLowerCase());
    }
    return haystacks.get(pair);
  }

  // filters: text, document, status, flag, system (index or -1), metric (index), low, high, sure and unsure (number or null).
  function chosen(filters) {
    const text = filters.text.toLowerCase();
    return pairs.filter((pair) => {
      if (filters.status && pair.status !== filters.status) return false;
      if (filters.document !== null && pair.document !== filters.document) return false;
      if (filters.flag && !pair.flags.includes(filters.flag)) return false;
      if ((filters.sure !== null || filters.unsure !== null) && pair.status !== "paired") return false;
      if (filters.sure !== null && pair.confidence < filters.sure) return false;
      if (filters.unsure !== null && pair.confidence > filters.unsure) return false;
      if (filters.low !== null || filters.high !== null) {
        const value = score(pair, filters.metric, filters.system);
        if (value === null) return false;
        if (filters.low !== null && value < filters.low) return false;
        if (filters.high !== null && value > filters.high) return false;
      }
      return !text || haystack(pair).includes(text);
    });
  }

  const scored = pairs.filter((pair) => pair.status === "paired");
  const systemName = (index) => index === together ? "all together" : systems[index];
  const numbers = new Map(pairs.map((pair) => [pair.n, pair]));

  return { data, pairs, scored, metrics, systems, together, keys, score, sorted, chosen, systemName,
    find: (n) => numbers.get(n) };
})();
