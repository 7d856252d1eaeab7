// An extra on a page that tells how far something is: looks again every two seconds until it is over. Without it a link does.
"use strict";

const LOOK_AGAIN_MS = 2000;
const shown = document.querySelector("[data-running]");
if (shown) setTimeout(lookAgain, LOOK_AGAIN_MS);

async function lookAgain() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-running]");
    if (!answer.ok || !now) { location.reload(); return; }
    shown.replaceChildren(...now.childNodes);
  } catch {
    // The network is away for a moment.
  }
  setTimeout(lookAgain, LOOK_AGAIN_MS);
}
