// The wizard beyond its forms: what is typed is saved while it is typed, the preview follows, sections move by buttons.

const values = document.querySelector("[data-wizard-values]");
if (values) {
  const preview = document.querySelector("[data-preview]");
  const state = document.querySelector("[data-save-state]");
  let timer = 0;
  let dirty = false;
  let leaving = false;
  let running = null;

  const body = () => {
    const data = new URLSearchParams(new FormData(values));
    data.delete("go");
    data.set("draft", "1");
    return data;
  };

  const say = (words, bad = false) => {
    state.textContent = words;
    state.classList.toggle("is-bad", bad);
  };

  const save = async () => {
    if (leaving) return;
    running?.abort();
    running = new AbortController();
    dirty = false;
    say("Saving…");
    try {
      const answer = await fetch(values.action, {
        method: "POST",
        body: body(),
        headers: { accept: "text/html" },
        signal: running.signal,
        redirect: "manual",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      const top = preview.scrollTop;
      preview.innerHTML = html;
      preview.scrollTop = top;
      say("Saved");
    } catch (error) {
      if (error.name === "AbortError") return;
      dirty = true;
      say("Not saved yet; trying again…", true);
      timer = setTimeout(save, 4000);
    }
  };

  const soon = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  };

  values.addEventListener("input", soon);
  values.addEventListener("change", soon);
  values.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    running?.abort();
  });
  // Closing the tab between two savings loses nothing.
  addEventListener("pagehide", () => {
    if (dirty && !leaving) fetch(values.action, { method: "POST", body: body(), keepalive: true });
  });

  // The field one is in shows where it stands in the text.
  values.addEventListener("focusin", (event) => {
    const name = event.target.name?.startsWith("v.") ? event.target.name.slice(2) : null;
    preview.querySelectorAll(".is-here").forEach((mark) => mark.classList.remove("is-here"));
    if (!name) return;
    const marks = preview.querySelectorAll(`[data-variable="${CSS.escape(name)}"]`);
    marks.forEach((mark) => mark.classList.add("is-here"));
    const first = marks[0];
    if (first && matchMedia("(min-width: 62rem)").matches) {
      const box = first.getBoundingClientRect();
      const pane = preview.getBoundingClientRect();
      preview.scrollTop += box.top - pane.top - pane.height / 3;
    }
  });

  const list = document.querySelector("[data-sections]");
  if (list) {
    list.classList.add("has-moves");
    list.querySelectorAll(".section-moves").forEach((moves) => (moves.hidden = false));
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      const line = button.closest("li");
      if (button.dataset.move === "up") line.previousElementSibling?.before(line);
      else line.nextElementSibling?.after(line);
      list.querySelectorAll(".section-place").forEach((place, at) => (place.value = at + 1));
      button.focus();
      soon();
    });
  }
}

const client = document.querySelector("[data-wizard-client]");
if (client) {
  const part = document.querySelector("[data-existing]");
  client.addEventListener("change", async (event) => {
    if (!["company", "template"].includes(event.target.name)) return;
    const query = new URLSearchParams({ company: client.company.value, template: client.template.value });
    const answer = await fetch(`/legal/policies/existing?${query}`, { headers: { accept: "text/html" } });
    if (answer.ok) part.innerHTML = await answer.text();
  });
}
