// The queue, kept at hand: clocks that run, keys, sound where it was asked for, and what to know when the connection is gone.
// Everything here is an addition: the page works without it.
(() => {
  "use strict";
  const STALE_AFTER = 10000;
  const byId = (id) => document.getElementById(id);
  for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.hidden = false;

  // A setting of this browser. Where nothing may be kept, it holds for this page.
  const kept = new Map();
  function setting(box, name, otherwise) {
    const read = () => { try { return window.localStorage.getItem(name); } catch { return kept.get(name) ?? null; } };
    box.checked = (read() ?? otherwise) === "1";
    box.addEventListener("change", () => {
      const value = box.checked ? "1" : "0";
      kept.set(name, value);
      try { window.localStorage.setItem(name, value); } catch { /* this page only */ }
    });
    return box;
  }

  // Clocks. By this device's running time, not by its idea of what time it is.
  const started = new Map();
  function tick() {
    for (const clock of document.querySelectorAll("time[data-seconds]")) {
      const told = clock.id + clock.dataset.seconds;
      if (!started.has(told)) started.set(told, performance.now() - Number(clock.dataset.seconds) * 1000);
      const seconds = Math.floor((performance.now() - started.get(told)) / 1000);
      const two = (n) => String(n).padStart(2, "0");
      const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
      const words = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
      if (clock.textContent !== words) clock.textContent = words;
    }
  }

  // Keys: only outside of fields, only without Ctrl and the like, and only while they are wanted.
  const keysOn = setting(byId("keys-on"), "contigo-keys", "1");
  const rows = () => [...document.querySelectorAll(".queue .row > a")];
  function step(by) {
    const all = rows();
    const here = all.findIndex((link) => link.closest(".row").contains(document.activeElement));
    const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1)];
    next?.focus();
  }
  const does = {
    j: () => step(1),
    k: () => step(-1),
    c: () => document.activeElement?.closest(".row")?.querySelector(".go-look")?.focus(), // Enter says it: a slip sends nobody
    "?": () => { const help = byId("keys"); help.open = !help.open; if (help.open) help.querySelector("summary").focus(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !keysOn.checked) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]")) return;
    if (!Object.hasOwn(does, event.key)) return;
    event.preventDefault();
    does[event.key]();
  });

  // Sound and vibration for a cry for help that nobody has taken. Browsers want a touch first.
  const soundOn = setting(byId("sound-on"), "contigo-sound", "0");
  let sound = null;
  const known = new Set();
  const untaken = () => [...document.querySelectorAll("[data-untaken]")].map((cry) => cry.id);
  function wake() {
    if (!soundOn.checked) return;
    sound ??= new AudioContext();
    if (sound.state === "suspended") sound.resume();
  }
  function ring() {
    navigator.vibrate?.([300, 150, 300]);
    if (sound?.state !== "running") return;
    for (const [after, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const tone = sound.createOscillator(), loud = sound.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.25, sound.currentTime + after);
      loud.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + after + 0.22);
      tone.connect(loud).connect(sound.destination);
      tone.start(sound.currentTime + after);
      tone.stop(sound.currentTime + after + 0.24);
    }
  }
  function listen() {
    const fresh = untaken().filter((id) => !known.has(id));
    for (const id of fresh) known.add(id);
    if (fresh.length && soundOn.checked) {
      document.documentElement.dataset.rang = String(Number(document.documentElement.dataset.rang ?? 0) + 1);
      ring();
    }
  }
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wake);
  soundOn.addEventListener("change", () => { wake(); if (soundOn.checked) ring(); });
  for (const id of untaken()) known.add(id); // what was there when the page came is seen, not heard

  // Focus stays where it was when rows move.
  let focused = "";
  document.addEventListener("htmx:before:swap", () => { focused = document.activeElement?.id ?? ""; });
  document.addEventListener("htmx:after:swap", () => {
    if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
    tick();
    listen();
  });

  // Has the server answered lately? If not, what stands here is old, and says so.
  const stale = byId("stale");
  let answered = Date.now();
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response.status < 400) answered = Date.now();
  });
  function check() {
    const isOld = !document.hidden && Date.now() - answered > STALE_AFTER;
    if (isOld && stale.hidden) {
      const at = stale.querySelector("time");
      at.dateTime = new Date(answered).toISOString();
      at.textContent = new Date(answered).toLocaleTimeString(document.documentElement.lang);
    }
    stale.hidden = !isOld;
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) answered = Date.now(); });

  window.setInterval(() => { tick(); check(); }, 1000);
  tick();
})();
