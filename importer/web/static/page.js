// What HTML alone cannot do: drop a file and see it upload, and show what the program pushes. No words are made here.
"use strict";

document.documentElement.classList.add("scripted");

// ── Dropping a file ──────────────────────────────────────────────────────────────────────────────────

function form() {
  return document.getElementById("drop");
}

function trouble(text) {
  const place = form().querySelector(".drop-trouble");
  place.textContent = text;
  place.hidden = !text;
  form().querySelector(".drop-words").hidden = false;
  form().querySelector(".drop-busy").hidden = true;
  form().querySelector("input[type=file]").value = "";
}

function upload(file) {
  const here = form();
  const bar = here.querySelector(".drop-busy progress");
  const data = new FormData();
  data.append("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", here.action);
  request.setRequestHeader("X-Upload", "1");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => {
    if (request.status === 200) location.assign(request.response.to);
    else trouble((request.response && request.response.trouble) || here.dataset.failed);
  });
  request.addEventListener("error", () => trouble(here.dataset.failed));
  here.querySelector(".drop-trouble").hidden = true;
  here.querySelector(".drop-words").hidden = true;
  here.querySelector(".drop-busy").hidden = false;
  here.querySelector(".drop-name").textContent = here.dataset.busy + " " + file.name;
  announce(here.dataset.busy + " " + file.name);
  request.send(data);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("#drop input[type=file]") && event.target.files.length) upload(event.target.files[0]);
});
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!form() || !event.dataTransfer || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form().classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (form() && !event.relatedTarget) form().classList.remove("over");
});
document.addEventListener("drop", (event) => {
  if (!form() || !event.dataTransfer || !event.dataTransfer.files.length) return;
  event.preventDefault();
  form().classList.remove("over");
  upload(event.dataTransfer.files[0]);
});

// ── What the program pushes ──────────────────────────────────────────────────────────────────────────

let source = null;
let share = 0;
let resting = false;

function announce(text) {
  if (text) document.getElementById("live").textContent = text;
}

function lost(is) {
  document.getElementById("lost").hidden = !is;
}

async function refresh() {
  const focused = document.activeElement && document.activeElement.id;
  await htmx.ajax("GET", location.pathname + location.search, { target: "#main", select: "#main", swap: "outerHTML" });
  const again = focused && document.getElementById(focused);
  if (again) again.focus({ preventScroll: true });
  announce(document.getElementById("main").dataset.said);
}

function progress(html) {
  const place = document.getElementById("progress");
  if (!place) return;
  place.innerHTML = html;
  const done = place.querySelector("[data-share]");
  if (!done) return;
  const now = Number(done.dataset.share);
  document.title = now + " % · " + document.title.replace(/^\d+ % · /, "");
  if (Math.floor(now / 10) !== Math.floor(share / 10)) announce(done.textContent);
  share = now;
}

function connect() {
  if (source) source.close();
  source = null;
  resting = false;
  const address = document.getElementById("main").dataset.events;
  if (!address) return;
  const mine = (source = new EventSource(address));
  mine.addEventListener("open", () => lost(false));
  mine.addEventListener("progress", (event) => progress(event.data));
  mine.addEventListener("phase", () => {
    mine.close();
    document.title = document.title.replace(/^\d+ % · /, "");
    refresh();
  });
  // Other tabs look too: this one goes on when it is looked at again.
  mine.addEventListener("rest", () => {
    mine.close();
    resting = true;
  });
  mine.addEventListener("error", () => {
    lost(true);
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => mine === source && connect(), 5000);
  });
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target && event.detail.target.id === "main") connect();
});
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status === 403) lost(true);
  else if (requestConfig.verb === "get") location.reload();
});
document.addEventListener("htmx:sendError", () => lost(true));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) lost(false);
});
for (const moment of ["visibilitychange", "focusin", "pointerdown"]) {
  document.addEventListener(moment, () => {
    if (resting && document.visibilityState === "visible") connect();
  });
}
// A page that the browser kept while the run went on is old.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) refresh();
});
connect();
