"use strict";

// Score distributions and scatter plots (Chart.js).
const Charts = (() => {
  const { scored, metrics, systems, systemName } = Model;
  // Okabe and Ito's colours, told apart with any colour vision; shapes say the same again.
  const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#b8a500", "#7a7a7a"];
  const SHAPES = ["circle", "triangle", "rect", "rectRot", "cross", "star", "crossRot", "dash"];
  const BINS = 20;
  const charts = [];

  const colour = (index, alpha = "") => COLOURS[index % COLOURS.length] + alpha;
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const figureOf = (name) => document.getElementById(`chart-${name}`);

  function choices(figure, name, labels, selected, draw) {
    const select = figure.querySelector(`select.${name}`);
    select.append(...labels.map((label, index) => Cells.element("option", { value: index }, label)));
    select.value = String(selected);
    select.addEventListener("change", draw);
    return () => Number(select.value);
  }

  const wrap = (text) => {
    const lines = text.match(/.{1,70}(?:\s|$)|.{70}/gsu) || [];
    return lines.length > 3 ? [...lines.slice(0, 3), "…"] : lines;
  };

  function tooltip(item) {
    const { pair, system } = item.raw;
    const translation = system === undefined ? [] : wrap(pair.translations[system]);
    return [`#${pair.n}`, ...wrap(pair.source), ...wrap(pair.provided[0] || "").map((l, i) => (i ? "" : "provided: ") + l),
      ...translation.map((l, i) => (i ? "" : `${systemName(system)}: `) + l)];
  }

  // Chart.js takes the colours it is given, so they are set anew for each scheme and for print.
  function paint(chart, print = false) {
    const ink = print ? "#333" : style("--muted"), line = print ? "#ddd" : style("--line");
    const { scales, plugins } = chart.options;
    for (const axis of Object.values(scales)) {
      axis.ticks.color = ink;
      axis.title.color = ink;
      axis.grid.color = line;
    }
    plugins.legend.labels.color = ink;
    chart.update("none");
  }

  const axis = (text, extra = {}) => ({ title: { display: true, text }, ticks: {}, grid: {}, ...extra });

  function make(figure, type, scales, label, mode) {
    const chart = new Chart(figure.querySelector("canvas"), {
      type,
      data: { datasets: [] },
      options: {
        animation: false,
        maintainAspectRatio: false,
        normalized: true,
        interaction: mode,
        scales,
        plugins: {
          legend: { labels: { usePointStyle: true, boxHeight: 7 } },
          tooltip: { callbacks: label ? { label } : {}, displayColors: false },
        },
        onClick: (event, found) => {
          const raw = found.length && found[0].element.$context.raw;
          if (raw && raw.pair) location.hash = `pair-${raw.pair.n}`;
        },
      },
    });
    charts.push(chart);
    return chart;
  }

  // The ends of a metric's axis: of its range, or where that is open of the scores there are.
  function span(index) {
    const [least, most] = metrics[index].range;
    const values = scored.flatMap((pair) => pair.scores.map((row) => row[index])).filter((v) => v !== null);
    const low = least ?? Math.min(0, ...values), high = most ?? (least === 0 ? 100 : Math.max(low, ...values));
    return high > low ? [low, high] : [low, low + 1];
  }

  function distribution() {
    const figure = figureOf("distribution");
    const chart = make(figure, "bar", { x: axis("score", { ticks: { maxRotation: 0, autoSkipPadding: 12 } }), y: axis("sentences", { beginAtZero: true }) }, null, { mode: "index", intersect: false });
    const draw = () => {
      const [low, high] = span(metric()), width = (high - low) / BINS, digits = width < 1 ? 2 : 0;
      const edge = (k) => (low + k * width).toFixed(digits);
      const labels = Array.from({ length: BINS }, (_, k) => `${edge(k)}–${edge(k + 1)}`);
      chart.data.labels = labels;
      chart.data.datasets = systems.map((_, s) => {
        const counts = labels.map(() => 0);
        for (const pair of scored) {
          const value = pair.scores[s][metric()];
          if (value !== null) counts[Math.min(BINS - 1, Math.max(0, Math.floor((value - low) / width)))]++;
        }
        const many = systems.length > 3;
        return { label: systemName(s), data: counts, type: many ? "line" : "bar", borderColor: colour(s), backgroundColor: colour(s, many ? "" : "cc"),
          borderWidth: many ? 2 : 0, pointStyle: SHAPES[s % SHAPES.length], pointRadius: many ? 2 : 0, categoryPercentage: 0.9, barPercentage: 1 };
      });
      paint(chart);
    };
    const metric = choices(figure, "metric", metrics.map((m) => m.label), Model.data.leading, draw);
    draw();
  }

  // Points of a scatter plot: one a pair and series, where both values are there.
  function scatter(chart, series) {
    const radius = scored.length > 1500 ? 1.6 : scored.length > 300 ? 2.2 : 3.2;
    chart.data.datasets = series.map(({ label, system, x, y }) => ({
      label,
      data: scored.map((pair) => ({ x: x(pair), y: y(pair), pair, system })).filter((p) => p.x !== null && p.y !== null),
      backgroundColor: colour(Math.max(system ?? 0, 0), "99"),
      borderColor: colour(Math.max(system ?? 0, 0)),
      borderWidth: scored.length > 1500 ? 0 : 0.5,
      pointStyle: SHAPES[(system ?? 0) % SHAPES.length],
      pointRadius: radius,
      pointHoverRadius: radius + 3,
    }));
  }

  const NEAREST = { mode: "nearest", intersect: true };

  function metricsAgainstEachOther() {
    const figure = figureOf("metrics");
    if (metrics.length < 2) { figure.hidden = true; return; }
    const chart = make(figure, "scatter", { x: axis(""), y: axis("") }, tooltip, NEAREST);
    const draw = () => {
      scatter(chart, systems.map((_, s) => ({ label: systemName(s), system: s, x: (p) => p.scores[s][x()], y: (p) => p.scores[s][y()] })));
      chart.options.scales.x.title.text = metrics[x()].label;
      chart.options.scales.y.title.text = metrics[y()].label;
      paint(chart);
    };
    const labels = metrics.map((m) => m.label);
    const x = choices(figure, "x", labels, 0, draw), y = choices(figure, "y", labels, 1, draw);
    draw();
  }

  function systemsAgainstEachOther() {
    const figure = figureOf("systems");
    if (systems.length < 2) { figure.hidden = true; return; }
    const chart = make(figure, "scatter", { x: axis(""), y: axis("") }, tooltip, NEAREST);
    const draw = () => {
      const m = metric();
      scatter(chart, [{ label: "sentence", x: (p) => p.scores[x()][m], y: (p) => p.scores[y()][m] }]);
      const [low, high] = span(m), top = Math.max(high, ...chart.data.datasets[0].data.map((p) => Math.max(p.x, p.y)));
      chart.data.datasets.push({ label: "equal", type: "line", data: [{ x: low, y: low }, { x: top, y: top }], borderColor: colour(7), borderWidth: 1, borderDash: [4, 4], pointRadius: 0, pointHitRadius: 0, pointStyle: "line" });
      chart.options.scales.x.title.text = `${metrics[m].label}, ${systemName(x())}`;
      chart.options.scales.y.title.text = `${metrics[m].label}, ${systemName(y())}`;
      paint(chart);
    };
    const names = systems.map((_, s) => systemName(s));
    const x = choices(figure, "x", names, 0, draw), y = choices(figure, "y", names, 1, draw);
    const metric = choices(figure, "metric", metrics.map((m) => m.label), Model.data.leading, draw);
    draw();
  }

  function start() {
    if (!scored.length) { document.getElementById("charts").hidden = true; return; }
    distribution();
    metricsAgainstEachOther();
    systemsAgainstEachOther();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((c) => paint(c)));
    addEventListener("beforeprint", () => charts.forEach((c) => paint(c, true)));
    addEventListener("afterprint", () => charts.forEach((c) => paint(c)));
  }

  return { start, charts };
})();
