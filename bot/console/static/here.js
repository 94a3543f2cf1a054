// Is this person still allowed here? Asked all the time while the page is looked at: whose access ends sees nothing more of it.
// Whatever else the page is answered counts as well, and so does what another window of this browser was answered.
(() => {
  "use strict";
  const asked = document.querySelector("meta[name=contigo-here]");
  if (!asked) return;
  const EVERY = 600, APART = 150, AT_MOST = 5000;
  const others = window.BroadcastChannel ? new BroadcastChannel("contigo-here") : null;
  let wait = EVERY, answered = performance.now();

  async function ask() {
    const rest = EVERY - (performance.now() - answered);
    if (document.hidden || isSending()) return later(EVERY);
    if (rest > 0) return later(rest);
    try {
      const answer = await fetch(asked.content, { credentials: "same-origin", headers: { "HX-Request": "true" } });
      if (answer.status === 401 && !isSending()) return gone(answer.headers.get("HX-Redirect"));
      answer.ok ? isHere() : slower();
    } catch {
      slower(); // no connection: the page says nothing new
    }
    later(wait);
  }

  function isHere() {
    wait = EVERY;
    answered = performance.now();
    others?.postMessage({ here: true });
  }

  function slower() {
    wait = Math.min(wait * 2, AT_MOST);
  }

  // A form's own answer comes first: it says what became of it, or leads to the sign-in itself (forms.js).
  function isSending() {
    return document.documentElement.dataset.sent !== undefined;
  }

  function gone(home) {
    others?.postMessage({ home });
    leave(home);
  }

  function leave(home) {
    document.body.replaceChildren();
    window.location.replace(home);
  }

  // Never together with another window: whoever asks first asks for all of them.
  function later(milliseconds) {
    window.setTimeout(ask, milliseconds + Math.random() * APART);
  }

  others?.addEventListener("message", ({ data }) => {
    if (data.here) answered = performance.now();
    else if (!isSending()) leave(data.home);
  });
  document.addEventListener("htmx:before:response", ({ detail }) => { if (detail.ctx.response.status < 400) isHere(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wait = EVERY; });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  later(EVERY);
})();
