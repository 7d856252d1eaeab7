// An extra on a quiz: an answer given without a signal is kept on this device, the next question comes, and all are sent when there is
// a signal again. Without it the browser says that it is offline. The server takes each answer once, however often it comes.
"use strict";

const page = document.querySelector("[data-learner]");
const kept = `answers-${page.dataset.learner}`; // [{url, body}] in the order given; each learner's own on a shared device
const DONE_WITH = new Set([404, 409, 422]); // sending it again would change nothing

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-answers]")) return;
  event.preventDefault();
  answer(event.target);
});
addEventListener("online", sendKept);
sendKept();

async function answer(form) {
  const body = new URLSearchParams(new FormData(form));
  const taken = await posted(form.action, body);
  if (taken) { show(taken); return; }
  write([...read().filter((other) => other.url !== form.action), { url: form.action, body: body.toString() }]);
  const next = document.querySelector("template[data-question]");
  const told = document.querySelector("[data-kept]");
  told.hidden = false;
  if (!next) { form.remove(); return; }
  form.replaceWith(next.content.cloneNode(true));
  next.remove();
  document.querySelector("form[data-answers]").querySelector("input:not([type=hidden]), select, textarea").focus();
}

async function sendKept() {
  const token = document.querySelector("input[name=csrf_token]");
  let sent = false;
  for (const one of read()) {
    const body = new URLSearchParams(one.body);
    if (token) body.set("csrf_token", token.value); // the one it was given with may have ended with its session
    const taken = await posted(one.url, body);
    if (!taken || !(taken.ok || DONE_WITH.has(taken.status))) return; // later
    write(read().filter((other) => other.url !== one.url));
    sent = true;
  }
  if (sent) location.reload();
}

// The server's answer; nothing when it did not come.
async function posted(url, body) {
  try {
    const taken = await fetch(url, { method: "POST", body });
    return taken.status < 500 ? taken : undefined;
  } catch {
    return undefined;
  }
}

async function show(taken) {
  if (taken.redirected) { location.assign(taken.url); return; }
  const shown = new DOMParser().parseFromString(await taken.text(), "text/html");
  document.getElementById("main").replaceWith(document.adoptNode(shown.getElementById("main")));
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(kept)) || [];
  } catch {
    return [];
  }
}

function write(answers) {
  localStorage.setItem(kept, JSON.stringify(answers));
}
