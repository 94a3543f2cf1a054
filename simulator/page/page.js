// What is on the phones? Reads the simulator's changes and keeps every phone, the log and the faults up to date.
import { PhoneView } from "./phone.js";
import { showInLog, clearLog } from "./log.js";
import { startFaults, offerPhones, refreshFaults } from "./faults.js";

const views = new Map();
let change = 0;

export async function ask(path, options = {}) {
  const given = { ...options };
  if (given.json !== undefined) {
    given.method = given.method || "POST";
    given.headers = { "Content-Type": "application/json" };
    given.body = JSON.stringify(given.json);
  }
  const response = await fetch("/simulator/" + path, given);
  const data = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw new Error(data.error || `The simulator answered ${response.status}.`);
  return data;
}

export function nameOf(number) {
  const view = views.get(number);
  return view ? view.phone.name || number : number;
}

async function showPhones() {
  const { phones, suggested, numbers } = await ask("phones");
  document.getElementById("hotline").textContent = numbers.join(", ");
  const shelf = document.getElementById("phones");
  for (const phone of phones) {
    if (views.has(phone.number)) continue;
    const view = new PhoneView(phone, remove);
    views.set(phone.number, view);
    shelf.append(view.element);
  }
  document.querySelector("#add-phone [name=number]").value = suggested;
  offerPhones(phones);
}

async function readAll() {
  const now = await ask("changes?since=9e15");
  change = now.change;
  clearLog();
  const { messages } = await ask(`ledger?since=${Math.max(0, now.seq - 150)}`);
  for (const message of messages) showInLog(message, nameOf(message.phone));
  for (const view of views.values()) {
    const { texts } = await ask(`${view.path}?last=100`);
    view.clear();
    for (const message of texts) view.show(message);
  }
}

function show(message) {
  views.get(message.phone)?.show(message, true);
  showInLog(message, nameOf(message.phone));
}

async function remove(view) {
  await ask("phones/" + encodeURIComponent(view.phone.number), { method: "DELETE" });
  views.delete(view.phone.number);
  view.element.remove();
  await showPhones();
}

function say(text, lost = false) {
  const link = document.getElementById("link");
  if (link.textContent !== text) link.textContent = text;
  link.classList.toggle("lost", lost);
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function follow() {
  for (;;) {
    try {
      const news = await ask(`changes?since=${change}&wait=25`);
      if (news.again || news.skipped) await readAll();
      else news.messages.forEach(show);
      change = Math.max(change, news.again ? 0 : news.change);
      say("Live");
      refreshFaults();
      await pause(news.again || news.skipped ? 1000 : 200); // under load a few looks a second are enough
    } catch {
      say("The simulator does not answer. Trying again…", true);
      await pause(1000);
      change = Number.MAX_SAFE_INTEGER; // it may be a new one: read everything again
    }
  }
}

document.getElementById("add-phone").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const wrong = form.querySelector(".wrong");
  try {
    await ask("phones", { json: Object.fromEntries(new FormData(form)) });
    wrong.hidden = true;
    form.reset();
    await showPhones();
    document.getElementById("phones").lastElementChild.scrollIntoView({ behavior: "smooth", block: "nearest" });
  } catch (error) {
    wrong.textContent = error.message;
    wrong.hidden = false;
  }
});

document.getElementById("reset").addEventListener("click", async () => {
  if (!confirm("Forget every message, block and fault here?")) return;
  await ask("reset", { json: {} });
  await readAll();
});

startFaults();
try {
  await showPhones();
  await readAll();
  say("Live");
} catch {
  say("The simulator does not answer. Trying again…", true);
}
follow();
