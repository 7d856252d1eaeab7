// An extra on a quiz: an answer that cannot be sent, without a signal or with the sign-in ended, is kept on this device, the next
// question comes, and all are sent as soon as it can be. Without it the browser says that it is offline. The server takes each once.
"use strict";

const { learner } = document.querySelector("[data-learner]").dataset;
const KEPT = `answers-${learner}`; // [{url, body, at}] in the order given; each learner's own on a shared device
const REFUSED = `refused-${learner}`; // why some of them were not taken any more, until it is read
const DONE_WITH = new Set([404, 409, 422]); // sending it again would change nothing
const TWO_WEEKS = 14 * 24 * 3_600_000; // then what somebody kept who does not come back to this device is dropped

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-answers]")) return;
  event.preventDefault();
  answer(event.target);
});
addEventListener("online", sendKept);
dropOld();
tellRefused();
sendKept();

async function answer(form) {
  const body = new URLSearchParams(new FormData(form));
  const said = await posted(form.action, body, "text/html");
  if (isTaken(said)) { location.assign(said.url); return; }
  if (isRefused(said)) { show(said); return; }
  const others = read(localStorage, KEPT).filter((other) => other.url !== form.action);
  write(localStorage, KEPT, [...others, { url: form.action, body: body.toString(), at: Date.now() }]);
  tellKept(said);
  const next = document.querySelector("template[data-question]");
  if (!next) { form.remove(); return; }
  form.replaceWith(next.content.cloneNode(true));
  next.remove();
  document.querySelector("form[data-answers]").querySelector("input:not([type=hidden]), select, textarea").focus();
}

async function sendKept() {
  const token = document.querySelector("input[name=csrf_token]");
  let sent = false;
  for (const one of read(localStorage, KEPT)) {
    const body = new URLSearchParams(one.body);
    if (token) body.set("csrf_token", token.value); // the one it was given with may have ended with its session
    const said = await posted(one.url, body, "application/json");
    if (isRefused(said)) write(sessionStorage, REFUSED, [...read(sessionStorage, REFUSED), await reason(said)]);
    else if (!isTaken(said)) { tellKept(said); break; } // later
    write(localStorage, KEPT, read(localStorage, KEPT).filter((other) => other.url !== one.url));
    sent = true;
  }
  if (sent) location.reload();
}

// The server's answer; nothing when it did not come.
async function posted(url, body, accept) {
  try {
    const said = await fetch(url, { method: "POST", body, headers: { Accept: accept } });
    return said.status < 500 ? said : undefined;
  } catch {
    return undefined;
  }
}

// Taken leads to the course. Whoever is signed out is led to the sign-in instead, which is a page like any other.
function isTaken(said) {
  return Boolean(said?.redirected) && new URL(said.url).pathname.startsWith("/training/runs/");
}

function isRefused(said) {
  return DONE_WITH.has(said?.status);
}

async function reason(said) {
  return (said.headers.get("Content-Type") || "").startsWith("application/json") ? (await said.json()).error : "";
}

function tellKept(said) {
  const isSignedOut = Boolean(said) && (said.redirected || said.status === 400 || said.status === 403);
  for (const told of document.querySelectorAll("[data-kept], [data-signed-out]"))
    told.hidden = "signedOut" in told.dataset !== isSignedOut;
}

function tellRefused() {
  const reasons = read(sessionStorage, REFUSED);
  if (!reasons.length) return;
  const told = document.querySelector("[data-refused]");
  told.querySelector("[data-reasons]").textContent = [...new Set(reasons)].join(" ");
  told.hidden = false;
  write(sessionStorage, REFUSED, []);
}

async function show(said) {
  const shown = new DOMParser().parseFromString(await said.text(), "text/html");
  document.getElementById("main").replaceWith(document.adoptNode(shown.getElementById("main")));
}

function dropOld() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith("answers-") && one !== KEPT))
    write(localStorage, key, read(localStorage, key).filter((one) => Date.now() - one.at < TWO_WEEKS));
}

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key)) || [];
  } catch {
    return [];
  }
}

function write(storage, key, list) {
  if (list.length) storage.setItem(key, JSON.stringify(list));
  else storage.removeItem(key);
}
