// Help in a panel: the same page, its answers taken into the dialog. Without script the button leads to the page itself.

import { toast } from "../app.js";

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
    // Its own style elements carry another answer's nonce.
    const text = (await answer.text()).replace(/<style[^]*?<\/style>/g, "");
    const found = new DOMParser().parseFromString(text, "text/html").getElementById("help-answers");
    if (!answer.ok || !found) throw new Error();
    answers.replaceChildren(document.adoptNode(found));
    for (const back of answers.querySelectorAll("[name=back]")) back.value = location.pathname + location.search;
    writeOffered(answers);
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

// An answer written by a model comes in pieces: each is the whole part anew, as the page itself shows it.
async function write(form) {
  const question = new URLSearchParams(new FormData(form));
  let section = form.closest("[data-help-written]");
  const offered = section.cloneNode(true);
  offered.querySelector("form").removeAttribute("data-help-write");
  section.setAttribute("aria-busy", "true");
  form.hidden = true;
  section.querySelector(".help-writing").hidden = false;
  const show = (part) => {
    // Somebody asked something else meanwhile.
    if (!section.isConnected) throw new Error();
    section.replaceWith(part);
    section = part;
  };
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { accept: "text/event-stream" }, body: question });
    if (!answer.ok || !answer.headers.get("content-type")?.startsWith("text/event-stream")) throw new Error();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      const events = (rest + (value ?? "")).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const html = JSON.parse(event.slice("data: ".length));
        const part = new DOMParser().parseFromString(html, "text/html").querySelector("[data-help-written]");
        show(part ? document.adoptNode(part) : document.createElement("div"));
      }
      if (done) break;
    }
    if (section.getAttribute("aria-busy") === "true") throw new Error();
  } catch {
    if (section.isConnected) section.replaceWith(offered);
  }
}

const writeOffered = (part) => {
  const form = part.querySelector("form[data-help-write]");
  if (form) write(form);
};
writeOffered(document);
