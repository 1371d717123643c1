// Outlines on plain paper. Every element with data-map="address" becomes a map of the GeoJSON found there; with
// data-map-field="id" the outline can be drawn, and the field of that id always holds it as GeoJSON.
"use strict";
const INK = {
  parent: { color: "#51565e", weight: 2, dashArray: "6 6", fill: false },
  sibling: { color: "#8b8a88", weight: 1, fillColor: "#efedea", fillOpacity: .5 },
  child: { color: "#1f5b99", weight: 1, fillColor: "#e8f1fa", fillOpacity: .6 },
  self: { color: "#b3292a", weight: 2.5, fillColor: "#b3292a", fillOpacity: .08 },
  hole: { color: "#8a5200", weight: 2, fillColor: "#f5c766", fillOpacity: .85 },
  overlap: { color: "#a4262c", weight: 2, fillColor: "#e58a86", fillOpacity: .85 },
  outside: { color: "#1f5b99", weight: 2, fillColor: "#9cc3ea", fillOpacity: .85 },
};
const LABELLED = 60;
const CHINA = [[18, 74], [53, 135]];

function styleOf(feature) {
  return INK[feature.properties.role] || INK.sibling;
}

function label(layer, feature, permanent) {
  layer.bindTooltip(document.createTextNode(feature.properties.name).textContent, {
    permanent, direction: "center", className: "map__label",
  });
}

function labels(role, features) {
  if (role === "self") return !features.some((one) => one.properties.role === "child");
  return role !== "parent";
}

function fit(map, ...groups) {
  for (const group of groups) {
    const bounds = group && group.getBounds();
    if (bounds && bounds.isValid()) {
      map.fitBounds(bounds, { padding: [24, 24], animate: false });
      return;
    }
  }
  map.fitBounds(CHINA, { animate: false });
}

async function show(element) {
  const map = L.map(element, { preferCanvas: true, attributionControl: false, zoomSnap: .25, maxZoom: 21 });
  element.leafletMap = map;
  fit(map);
  const answer = await fetch(element.dataset.map, { headers: { Accept: "application/geo+json" } });
  const found = await answer.json();
  const field = document.getElementById(element.dataset.mapField || "");
  const known = field ? found.features.filter((one) => one.properties.role !== "self") : found.features;
  const few = known.length <= LABELLED;
  const shown = L.geoJSON(known, {
    style: styleOf,
    pmIgnore: true,
    snapIgnore: false,
    onEachFeature: (feature, layer) => label(layer, feature, few && labels(feature.properties.role, known)),
  }).addTo(map);
  if (field) draw(element, map, field, shown);
  else fit(map, L.featureGroup(shown.getLayers().filter((one) => one.feature.properties.role === "self")), shown);
  for (const row of document.querySelectorAll("[data-map-show]")) {
    row.addEventListener("click", () => {
      const layer = shown.getLayers().find((one) => String(one.feature.properties.number) === row.dataset.mapShow);
      if (layer) map.fitBounds(layer.getBounds(), { padding: [80, 80], maxZoom: 18 });
    });
  }
}

function pieces(text) {
  try {
    return L.geoJSON(JSON.parse(text)).getLayers().flatMap((layer) => {
      const points = layer.getLatLngs();
      const parts = layer.feature.geometry.type === "MultiPolygon" ? points : [points];
      return parts.map((part) => L.polygon(part, INK.self));
    });
  } catch {
    return [];
  }
}

function draw(element, map, field, around) {
  const own = L.featureGroup(pieces(field.value)).addTo(map);
  const tools = document.querySelector("[data-map-tools]");
  const state = document.querySelector("[data-map-state]");
  const drawn = document.getElementById(element.dataset.mapDrawn || "");
  map.pm.setGlobalOptions({ snappable: true, snapDistance: 15, allowSelfIntersection: false, layerGroup: own, pathOptions: INK.self, tooltips: false });

  function write() {
    const parts = own.getLayers().map((layer) => layer.toGeoJSON(7).geometry.coordinates);
    field.value = parts.length ? JSON.stringify({ type: "MultiPolygon", coordinates: parts }) : "";
    if (drawn) drawn.value = "on";
  }

  function rest(but) {
    if (but !== "draw") map.pm.disableDraw();
    if (but !== "edit") own.eachLayer((layer) => layer.pm.disable());
    map.off("click", null);
    for (const button of tools.querySelectorAll("[data-map-do]")) button.setAttribute("aria-pressed", String(button.dataset.mapDo === but));
    state.textContent = state.dataset[but] || "";
  }

  function watch(layer) {
    layer.on("pm:edit pm:markerdragend pm:vertexadded pm:vertexremoved", write);
    layer.on("click", () => {
      if (tools.querySelector('[data-map-do="erase"]').getAttribute("aria-pressed") !== "true") return;
      own.removeLayer(layer);
      write();
    });
  }

  own.eachLayer(watch);
  map.on("pm:create", ({ layer }) => {
    if (!own.hasLayer(layer)) own.addLayer(layer);
    watch(layer);
    write();
    rest("");
  });
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-map-do]");
    if (!button) return;
    const wanted = button.dataset.mapDo;
    if (wanted === "fit") return fit(map, own, around);
    const again = button.getAttribute("aria-pressed") === "true";
    rest(again ? "" : wanted);
    if (again) return;
    if (wanted === "draw") map.pm.enableDraw("Polygon", { continueDrawing: false });
    if (wanted === "edit") own.eachLayer((layer) => layer.pm.enable());
  });
  field.addEventListener("change", () => {
    own.clearLayers();
    for (const layer of pieces(field.value)) own.addLayer(layer);
    own.eachLayer(watch);
    if (drawn) drawn.value = "";
    fit(map, own, around);
  });
  tools.hidden = false;
  fit(map, own, around);
}

for (const element of document.querySelectorAll("[data-map]")) show(element);
