// Passkeys in plain forms: fetches a question, lets the device answer it, and sends the form as if it had been filled in by hand.
// Without this file, or on a browser that has no passkeys, the same forms take the authenticator's code.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  async function question(form, field) {
    const token = form.querySelector("[name=csrf_token]").value;
    const answer = await fetch(field.dataset.ask, {
      method: "POST", credentials: "same-origin", body: new URLSearchParams({ csrf_token: token }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const asked = await answer.json();
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    asked.allowCredentials = known(asked.allowCredentials);
    asked.excludeCredentials = known(asked.excludeCredentials);
    return asked;
  }

  async function answered(form, field) {
    const publicKey = await question(form, field);
    return written(field.dataset.make === undefined
      ? await navigator.credentials.get({ publicKey })
      : await navigator.credentials.create({ publicKey }));
  }

  function written(key) {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[part]) response[part] = text(key.response[part]);
    }
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
  }

  // Where one signs in, the browser may offer passkeys in the name's own field. A question grows old: it is put anew before it does.
  const ANEW = 240000;
  let offered = null;
  async function offer(form, field) {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    offered = new AbortController();
    const { signal } = offered;
    const over = window.setTimeout(() => { withdraw(); offer(form, field); }, ANEW);
    try {
      const publicKey = await question(form, field);
      field.value = written(await navigator.credentials.get({ publicKey, mediation: "conditional", signal }));
      form.requestSubmit();
    } catch { /* nobody chose one: the button and the fields are there */ } finally {
      window.clearTimeout(over);
    }
  }

  function withdraw() {
    offered?.abort();
    offered = null;
  }

  function fit(field) {
    const form = field.form, code = form.querySelector("[name=code]");
    form.hidden = false;
    if (code) code.required = false;
    form.querySelectorAll("[data-key-help]").forEach((each) => { each.hidden = false; });
    form.addEventListener("submit", async (event) => {
      if (field.value || (code && code.value)) return;
      event.preventDefault();
      if (form.dataset.asking !== undefined) return; // a second click would put a second question, and void the first
      form.dataset.asking = "";
      withdraw(); // a browser asks one thing at a time
      try {
        field.value = await answered(form, field);
        form.requestSubmit(event.submitter);
      } catch {
        if (code) { code.required = true; code.focus(); }
        form.querySelectorAll("[data-key-failed]").forEach((each) => { each.hidden = false; });
        if (field.dataset.offer !== undefined) offer(form, field);
      } finally {
        delete form.dataset.asking;
      }
    });
  }

  document.querySelectorAll("input[data-ask]").forEach(fit);
  document.querySelectorAll("input[data-offer]").forEach((field) => offer(field.form, field));
})();
