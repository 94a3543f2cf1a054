// What does one phone look like, and what can its person do with it?
import { ask } from "./page.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" });
const WORDS = { accepted: "waiting", queued: "waiting", scheduled: "scheduled", received: "sent" };
const ENDED_BADLY = new Set(["failed", "undelivered", "canceled"]);
const MOST_TEXTS = 300;
const LARGEST_PHOTO = 5 * 1024 * 1024;

export const time = (seconds) => clock.format(new Date(seconds * 1000));

export class PhoneView {
  constructor(phone, remove) {
    this.phone = phone;
    this.channel = phone.channel;
    this.photo = null;
    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.element.querySelector(selector);
    this.texts = this.find(".texts");
    this.find("h2").textContent = phone.name || phone.number;
    this.find(".number").textContent = phone.number + (phone.language ? ` · ${phone.language}` : "");
    this.element.setAttribute("aria-label", phone.name || phone.number);
    this.texts.setAttribute("aria-label", `Texts of ${phone.name || phone.number}`);
    this.find("textarea").setAttribute("aria-label", `Text as ${phone.name || phone.number}`);
    this.find(".remove").addEventListener("click", () => remove(this));
    this.wire();
    this.choose(this.channel);
  }

  get path() {
    return "phones/" + encodeURIComponent(this.phone.number);
  }

  wire() {
    for (const radio of this.element.querySelectorAll(".channel input")) {
      radio.name = `channel ${this.phone.number}`;
      radio.addEventListener("change", () => this.choose(radio.value));
    }
    const box = this.find("textarea");
    box.addEventListener("input", () => this.count());
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.find(".write").requestSubmit();
      }
    });
    this.find(".write").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.find(".pin").addEventListener("click", () => this.openPins(this.find(".extra").hidden));
    this.find(".send-pin").addEventListener("click", () => this.sendPin());
    this.find(".photo input").addEventListener("change", (event) => this.attach(event.target));
    this.find(".detach").addEventListener("click", () => this.detach());
    this.find(".call").addEventListener("click", () => this.call());
    this.find(".window").addEventListener("click", () => this.closeWindow());
  }

  choose(channel) {
    this.channel = channel;
    for (const radio of this.element.querySelectorAll(".channel input")) radio.checked = radio.value === channel;
    this.tab(channel).classList.remove("news");
    const whatsapp = channel === "whatsapp";
    this.find(".pin").hidden = !whatsapp;
    this.find(".window").hidden = !whatsapp;
    this.find(".call").hidden = !this.phone.number.startsWith("+");
    if (!whatsapp) this.openPins(false);
    this.find("textarea").placeholder = whatsapp ? "WhatsApp message" : "Text message";
    for (const item of this.texts.querySelectorAll(".text")) item.hidden = item.dataset.channel !== channel;
    this.scroll();
  }

  tab(channel) {
    return this.find(`.channel [value=${channel}]`).parentElement;
  }

  openPins(open) {
    this.find(".extra").hidden = !open;
    this.find(".pin").setAttribute("aria-expanded", String(open));
  }

  count() {
    const length = this.find("textarea").value.length;
    this.find(".count").textContent = length > 100 ? `${length} characters` : "";
  }

  async send(extra = {}) {
    const box = this.find("textarea");
    const given = { channel: this.channel, body: box.value, ...extra };
    if (this.photo) given.media = [this.photo];
    if (!given.body && !given.media && given.latitude === undefined) return;
    if (extra.body === undefined) box.value = "";
    this.detach();
    this.count();
    try {
      const { error, status } = await ask(this.path + "/texts", { json: given });
      if (error) this.note(`The hotline did not answer as it should: ${error.detail || error.error} (${error.code}${status ? ", HTTP " + status : ""}).`, true);
    } catch (error) {
      this.note(error.message, true);
      if (!box.value && extra.body === undefined) box.value = given.body;
    }
  }

  sendPin() {
    const [latitude, longitude, label] = this.find(".places select").value.split(",");
    this.openPins(false);
    this.send({ body: "", latitude: Number(latitude), longitude: Number(longitude), label });
  }

  attach(input) {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    if (file.size > LARGEST_PHOTO) return this.note("A photo may have at most 5 MB.", true);
    const reader = new FileReader();
    reader.onload = () => {
      this.photo = { content_type: file.type || "application/octet-stream", data: reader.result.split(",")[1] };
      this.find(".attached span").textContent = file.name;
      this.find(".attached").hidden = false;
    };
    reader.readAsDataURL(file);
  }

  detach() {
    this.photo = null;
    this.find(".attached").hidden = true;
  }

  async call() {
    try {
      const { said, error, verbs } = await ask(this.path + "/calls", { json: {} });
      if (error) return this.note(`Call: the hotline did not answer (${error.code}: ${error.detail}).`, true);
      const heard = said.map((part) => part.text).join(" ") || `nothing (${verbs.join(", ") || "empty answer"})`;
      this.note(`Call. A voice says: ${heard}`);
    } catch (error) {
      this.note(error.message, true);
    }
  }

  async closeWindow() {
    await ask(this.path + "/window/close", { json: {} });
    this.find(".more").open = false;
    this.note("As if 24 hours passed: free-form WhatsApp messages fail now until this person writes again.");
  }

  note(text, bad = false) {
    const item = document.createElement("li");
    item.className = bad ? "note bad" : "note";
    item.textContent = text;
    this.texts.append(item);
    this.scroll();
  }

  show(message, fresh = false) {
    const known = this.texts.querySelector(`[data-sid="${message.sid}"]`);
    const item = known || this.newText(message);
    if (known && known.dataset.media !== mediaOf(message)) this.fill(known, message);
    const atEnd = this.texts.scrollHeight - this.texts.scrollTop - this.texts.clientHeight < 80;
    const out = message.direction === "inbound";
    const failed = ENDED_BADLY.has(message.status);
    item.className = "text" + (out ? " out" : failed ? " failed" : message.arrived ? "" : " coming");
    item.querySelector(".state").textContent = this.state(message, out, failed);
    item.hidden = message.channel !== this.channel;
    if (message.arrived && !out && !item.dataset.arrived) {
      item.dataset.arrived = "yes";
      if (item.hidden && fresh) this.tab(message.channel).classList.add("news");
    }
    if (!known) this.texts.append(item);
    while (this.texts.children.length > MOST_TEXTS) this.texts.firstElementChild.remove();
    if (atEnd || out) this.scroll();
  }

  newText(message) {
    const item = document.createElement("li");
    item.dataset.sid = message.sid;
    item.dataset.channel = message.channel;
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    const state = document.createElement("div");
    state.className = "state";
    item.append(bubble, state);
    this.fill(item, message);
    return item;
  }

  // Again, once a picture or a sound that the hotline sent has been fetched.
  fill(item, message) {
    const bubble = item.querySelector(".bubble");
    bubble.replaceChildren();
    for (const medium of message.media) bubble.append(shown(medium, message.sid));
    if (message.pin) bubble.append(`Pin: ${message.pin}\n`);
    bubble.append(message.body);
    item.dataset.media = mediaOf(message);
  }

  state(message, out, failed) {
    const parts = [time(message.arrived || message.updated)];
    if (message.channel === "sms") {
      parts.push(`${message.segments} ${message.segments === 1 ? "segment" : "segments"} ${message.encoding}`);
    }
    if (message.origin === "twilio") parts.push("from the carrier");
    if (failed) parts.push(`did not arrive: ${message.status}${message.error_code ? `, ${message.error_code} ${message.error}` : ""}`);
    else if (!out) parts.push(WORDS[message.status] || message.status);
    if (message.deleted) parts.push("deleted at the carrier");
    else if (message.redacted) parts.push("redacted at the carrier");
    return parts.join(" · ");
  }

  scroll() {
    this.texts.scrollTop = this.texts.scrollHeight;
  }

  clear() {
    this.texts.replaceChildren();
  }
}

const mediaOf = (message) => message.media.map((medium) => medium.url).join(" ");

function shown(medium, sid) {
  const kind = medium.content_type.split("/")[0];
  if (!medium.url.startsWith("/") || !["image", "audio", "video"].includes(kind)) {
    const text = document.createElement("p");
    text.textContent = `[${medium.content_type}]`;
    return text;
  }
  const element = document.createElement(kind === "image" ? "img" : kind);
  element.src = `${medium.url}?message=${sid}`;
  if (kind === "image") element.alt = "Photo";
  else element.controls = true;
  return element;
}
