// An extra on the editors of surveys and lessons: shows each change on the phone at once. Without it the buttons above the phone do.
"use strict";

const form = document.querySelector("form[data-preview]");
const phone = document.querySelector("iframe[name=phone]");
let language = "en";
let waiting;
let asked = 0;

for (const button of document.querySelectorAll("button[formtarget=phone]")) {
  button.addEventListener("click", () => { language = button.value; });
}
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 300);
});

async function show() {
  const data = new FormData(form);
  const mine = ++asked;
  data.set("language", language);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name); // no film with each key
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || mine !== asked) return; // something newer is on its way
    const shown = phone.contentDocument;
    shown.documentElement.lang = page.documentElement.lang;
    shown.body.replaceWith(shown.adoptNode(page.body));
  } catch {
    // The buttons above the phone still work.
  }
}
