// Asks the server for the preview while one types, and lays it into the page: what is shown is what clients would get.
const form = document.querySelector("[data-look-form]");
const live = form.querySelector("[data-live]");
const rules = new CSSStyleSheet();
let waiting = 0;
let running = null;
// Pictures go along once, with the preview after they were chosen; from then on by the name the server gave them.
const fresh = new Set();

function take(page, part) {
  const [here, there] = [document.querySelector(part), page.querySelector(part)];
  if (here && there) here.replaceWith(document.adoptNode(there));
}

function dress(page) {
  take(page, "[data-preview]");
  take(page, "[data-shades]");
  take(page, "[data-pictures]");
  const first = document.querySelector("style[data-sheet]");
  if (first) first.disabled = true;
  rules.replaceSync(document.querySelector("[data-preview]").dataset.css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter((sheet) => sheet !== rules), rules];
  const colors = document.querySelector("[data-preview]").dataset.colors;
  for (const panel of document.querySelectorAll(".look-preview [data-bs-theme], .look-mail")) panel.style.cssText = colors;
  const said = [...page.querySelectorAll("[data-look-form] .field-error")].map((error) => error.textContent.trim());
  live.textContent = said.join(" ");
  live.hidden = said.length === 0;
}

async function preview() {
  running?.abort();
  running = new AbortController();
  const body = new FormData(form);
  for (const name of ["logo", "favicon"]) if (!fresh.has(name)) body.delete(name);
  body.set("action", "preview");
  const sent = [...fresh];
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "text/html" }, signal: running.signal });
    if (answer.status !== 200 && answer.status !== 422) return;
    // Its own style elements carry another answer's nonce.
    const text = (await answer.text()).replace(/<style[^]*?<\/style>/g, "");
    dress(new DOMParser().parseFromString(text, "text/html"));
    for (const name of sent) fresh.delete(name);
  } catch (error) {
    if (error.name !== "AbortError") live.hidden = true;
  }
}

form.addEventListener("input", (event) => {
  if (event.target.type === "file") fresh.add(event.target.name);
  clearTimeout(waiting);
  waiting = setTimeout(preview, 250);
});
