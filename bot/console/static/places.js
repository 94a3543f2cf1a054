// The neighborhoods on a map that can be moved and enlarged: our own outlines, no tiles, no other host. The list beside it says the same.
(() => {
  "use strict";
  const room = document.getElementById("leaflet"), still = document.getElementById("still");
  if (!room || typeof L === "undefined") return;
  const EVERY = 5000, NAMES_FROM_ZOOM = 12;
  let map = null, mark = "";
  const shapes = new Map(), spots = L.layerGroup();

  async function ask(address, headers = {}) {
    const answer = await fetch(address, { credentials: "same-origin", headers: { "HX-Request": "true", ...headers } });
    return answer.status === 200 ? answer : null;
  }

  function worded(says) {
    const tip = document.createElement("span");
    tip.textContent = says;
    return tip;
  }

  async function draw() {
    const answer = await ask(room.dataset.shapes);
    if (!answer) return;
    const drawn = await answer.json();
    room.hidden = false;
    still.hidden = true;
    map = L.map(room, { zoomControl: true, attributionControl: true, scrollWheelZoom: false, zoomSnap: 0.25, keyboard: false });
    room.querySelectorAll("a, [tabindex]").forEach((each) => { each.tabIndex = -1; }); // hidden from readers, so not on the way of keys either
    map.attributionControl.setPrefix(false).addAttribution(worded(room.dataset.source).innerHTML);
    const layer = L.geoJSON(drawn, {
      style: () => ({ className: "area is-quiet" }),
      onEachFeature: (feature, path) => {
        shapes.set(feature.properties.area, path);
        path.on("click", () => document.querySelector(`[data-area="${feature.properties.area}"]`)?.scrollIntoView({ block: "center" }));
      },
    }).addTo(map);
    spots.addTo(map);
    map.on("zoomend", () => room.classList.toggle("from-afar", map.getZoom() < NAMES_FROM_ZOOM));
    map.fitBounds(layer.getBounds(), { padding: [8, 8] });
    const busy = await now();
    if (busy.length) map.fitBounds(L.featureGroup(busy).getBounds().pad(0.8), { maxZoom: 13 });
    window.setInterval(now, EVERY);
  }

  async function now() {
    if (document.hidden && mark) return [];
    const answer = await ask(room.dataset.now, mark ? { "If-None-Match": mark } : {}).catch(() => null);
    if (!answer) return [];
    mark = answer.headers.get("ETag") || "";
    const known = await answer.json();
    for (const [area, path] of shapes) {
      const said = known.areas[area] || { how: "quiet", says: "" };
      path.getElement()?.setAttribute("class", `area is-${said.how} leaflet-interactive`);
      path.unbindTooltip().bindTooltip(worded(said.name), { permanent: true, direction: "center", className: "named" });
      path.getElement()?.setAttribute("aria-label", said.says);
    }
    spots.clearLayers();
    for (const spot of known.spots) {
      L.circleMarker(spot.at, { radius: 6, className: "spot" })
        .bindTooltip(worded(spot.says))
        .on("click", () => window.location.assign(spot.address))
        .addTo(spots);
    }
    return [...shapes].filter(([area]) => known.areas[area]?.how !== "quiet").map(([, path]) => path);
  }

  draw().catch(() => { room.hidden = true; still.hidden = false; });
})();
