// A form is sent once. While it is on its way nothing on the page asks for anything or leads away, so that its answer arrives:
// `data-sent` on the page says so (here.js heeds it). After a while, or back on the page, it may be sent again.
(() => {
  "use strict";
  const ON_ITS_WAY = 15000;
  const page = document.documentElement.dataset;
  let pressed = null, over = 0;

  function reset() {
    window.clearTimeout(over);
    delete page.sent;
    pressed?.removeAttribute("aria-busy");
    pressed = null;
  }

  // Last in line: a form that still waits for its passkey (keys.js), or that stays on this page (htmx), is not on its way.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (page.sent !== undefined) return event.preventDefault();
    page.sent = "";
    pressed = event.submitter;
    pressed?.setAttribute("aria-busy", "true");
    over = window.setTimeout(reset, ON_ITS_WAY);
  });
  for (const asks of ["htmx:before:request", "htmx:before:response"]) {
    document.addEventListener(asks, (event) => { if (page.sent !== undefined) event.preventDefault(); });
  }
  window.addEventListener("pageshow", reset);
})();
