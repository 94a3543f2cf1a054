// What shall go wrong? The panel that adds and removes fault rules.
import { ask, nameOf } from "./page.js";

const form = document.getElementById("add-fault");
const list = document.getElementById("faults");
const wrong = form.querySelector(".wrong");
let kinds = {};

export async function startFaults() {
  form.kind.addEventListener("change", showFields);
  form.addEventListener("submit", add);
  document.getElementById("clear-faults").addEventListener("click", async () => {
    await ask("faults", { method: "DELETE" });
    refreshFaults();
  });
  await refreshFaults();
}

export function offerPhones(phones) {
  const chosen = form.to.value;
  form.to.replaceChildren(new Option("everybody", ""), ...phones.map((phone) => new Option(phone.name || phone.number, phone.number)));
  form.to.value = chosen;
}

export async function refreshFaults() {
  let found;
  try {
    found = await ask("faults");
  } catch {
    return; // the page says already that the simulator is away
  }
  if (!form.kind.options.length) {
    kinds = found.kinds;
    form.kind.append(...Object.keys(kinds).map((kind) => new Option(kind.replaceAll("_", " "), kind)));
    showFields();
  }
  const live = found.faults.filter((fault) => fault.next !== 0);
  const badge = document.getElementById("fault-count");
  badge.hidden = !live.length;
  badge.textContent = live.length;
  document.getElementById("clear-faults").hidden = !live.length;
  list.replaceChildren(...live.map(line));
}

function showFields() {
  const kind = form.kind.value;
  document.getElementById("fault-means").textContent = kinds[kind] || "";
  for (const label of form.querySelectorAll("[data-for]")) label.hidden = !label.dataset.for.split(" ").includes(kind);
}

async function add(event) {
  event.preventDefault();
  const kind = form.kind.value;
  const amount = Number(form.amount.value);
  const fault = { kind, to: form.to.value };
  if (form.how.value === "next") fault.next = amount;
  else fault.share = Math.min(amount, 100) / 100;
  for (const label of form.querySelectorAll("[data-for]:not([hidden]) [name]")) fault[label.name] = Number(label.value);
  try {
    await ask("faults", { json: fault });
    wrong.hidden = true;
  } catch (error) {
    wrong.textContent = error.message;
    wrong.hidden = false;
  }
  refreshFaults();
}

function line(fault) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  const often = fault.next !== undefined ? `next ${fault.next}` : `${Math.round((fault.share ?? 1) * 100)} %`;
  const details = [often, fault.code, fault.seconds && `${fault.seconds} s`, fault.to && nameOf(fault.to)].filter(Boolean);
  text.textContent = `${fault.kind.replaceAll("_", " ")}: ${details.join(", ")}. Struck ${fault.struck}.`;
  const button = document.createElement("button");
  button.className = "plain";
  button.textContent = "Remove";
  button.addEventListener("click", async () => {
    await ask(`faults/${fault.id}`, { method: "DELETE" });
    refreshFaults();
  });
  item.append(text, button);
  return item;
}
