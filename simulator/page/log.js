// What happened, in which order? One line for each message, newest first.
import { time } from "./phone.js";

const MOST_LINES = 150;
const BAD = new Set(["failed", "undelivered", "canceled"]);
const list = document.getElementById("log");
const empty = document.getElementById("log-empty");

export function clearLog() {
  list.replaceChildren();
  empty.hidden = false;
}

export function showInLog(message, name) {
  empty.hidden = true;
  const known = list.querySelector(`[data-sid="${message.sid}"]`);
  const line = known || newLine(message, name);
  const status = line.querySelector(".status");
  status.textContent = message.status + (message.error_code ? ` ${message.error_code}` : "");
  status.classList.toggle("bad", BAD.has(message.status));
  if (known) return;
  const below = [...list.children].find((other) => Number(other.dataset.seq) < message.seq);
  list.insertBefore(line, below || null);
  while (list.children.length > MOST_LINES) list.lastElementChild.remove();
}

function newLine(message, name) {
  const line = document.createElement("li");
  line.dataset.sid = message.sid;
  line.dataset.seq = message.seq;
  const head = document.createElement("div");
  head.className = "head";
  const inbound = message.direction === "inbound";
  const who = document.createElement("span");
  who.textContent = `${time(message.created)} ${inbound ? name + " to hotline" : "hotline to " + name}`;
  const status = document.createElement("span");
  status.className = "status";
  head.append(who, status);
  const said = document.createElement("div");
  said.className = "said";
  said.textContent = message.body || (message.media.length ? "[photo]" : message.pin ? `Pin: ${message.pin}` : "");
  line.append(head, said);
  if (message.origin === "rogue") said.prepend("Nobody here asked for this: ");
  return line;
}
