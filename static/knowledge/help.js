// Help in a panel: the same page, its answers taken into the dialog. Without script the button leads to the page itself.

import { toast } from "/static/app.js";

const button = document.querySelector("[data-help-button]");
const panel = document.getElementById("help-panel");
const answers = panel?.querySelector("[data-help-answers]");
const form = panel?.querySelector("[data-help-form]");

if (button && panel) {
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", (event) => {
    // On the page itself there is nothing to open.
    if (location.pathname === new URL(button.href).pathname || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    panel.show();
    panel.querySelector("input").focus();
  });
  const close = () => {
    panel.close();
    button.focus();
  };
  panel.querySelector("[data-help-close]").addEventListener("click", close);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  answers.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("help-answers");
    if (!answer.ok || !found) throw new Error();
    answers.replaceChildren(document.adoptNode(found));
    for (const back of answers.querySelectorAll("[name=back]")) back.value = location.pathname + location.search;
  } catch {
    location.assign(address);
  } finally {
    answers.removeAttribute("aria-busy");
  }
});

document.addEventListener("submit", async (event) => {
  const thumbs = event.target.closest("[data-thumbs]");
  const pressed = event.submitter;
  if (!thumbs || !pressed?.value) return;
  event.preventDefault();
  const body = new URLSearchParams({ helpful: pressed.value });
  const answer = await fetch(thumbs.action, { method: "POST", headers: { accept: "application/json" }, body }).catch(() => null);
  if (!answer?.ok) {
    toast("That could not be sent. Try again in a moment.", "danger");
    return;
  }
  for (const one of thumbs.querySelectorAll("button")) {
    one.classList.toggle("btn-primary", one === pressed);
    one.setAttribute("aria-pressed", String(one === pressed));
  }
  toast(pressed.value === "yes" ? "Thank you. That helps others to find it." : "Thank you for saying so. Open a ticket or talk to a person.");
});

const seen = document.querySelector("[data-seen]");
if (seen) fetch(seen.dataset.seen, { method: "POST", headers: { accept: "application/json" } }).catch(() => {});
