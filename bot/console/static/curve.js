// The curve of what left and what arrived, drawn from the rows of the table that says the same in numbers. Without this script the table stays.
(() => {
  "use strict";
  const figure = document.getElementById("curve");
  if (!figure || typeof uPlot === "undefined") return;
  const room = figure.querySelector("div");
  const colour = (name, otherwise) => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || otherwise;
  let chart = null, drawn = "";

  function rows() {
    const each = [...document.querySelectorAll("#curve-rows tbody tr")].map((row) => row.dataset);
    const column = (name) => [0, ...each.map((row) => Number(row[name]))];
    return [column("seconds"), column("left"), column("arrived")];
  }

  function span(seconds) {
    return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  }

  function options() {
    const ink = colour("--quiet", "#555"), line = { stroke: colour("--line", "#ccc"), width: 1 };
    const axis = { stroke: ink, grid: line, ticks: line };
    return {
      width: room.clientWidth, height: 220,
      scales: { x: { time: false } },
      cursor: { drag: { x: false, y: false } },
      axes: [{ ...axis, values: (_, ticks) => ticks.map(span) }, { ...axis, size: 60 }],
      series: [
        { label: figure.dataset.time, value: (_, seconds) => (seconds == null ? "" : span(seconds)) },
        { label: figure.dataset.left, stroke: ink, width: 2, dash: [6, 4] },
        { label: figure.dataset.arrived, stroke: colour("--pico-primary", "#1c5d70"), width: 3 },
      ],
    };
  }

  function draw() {
    const data = rows();
    if (data[0].length < 2 || JSON.stringify(data) === drawn) return;
    drawn = JSON.stringify(data);
    figure.hidden = false;
    if (chart) return chart.setData(data);
    chart = new uPlot(options(), data, room);
  }

  function anew() {
    if (chart) chart.destroy();
    chart = null; drawn = "";
    draw();
  }

  draw();
  new MutationObserver(draw).observe(document.getElementById("main"), { childList: true, subtree: true });
  new ResizeObserver(() => chart && chart.setSize({ width: room.clientWidth, height: 220 })).observe(figure);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", anew);
})();
