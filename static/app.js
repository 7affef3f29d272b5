// What makes a page pleasanter. Every page works without it.

// Beside this file, in its own version.
const ICONS = new URL("icons.svg", import.meta.url).pathname;

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Toasts

const region = document.getElementById("toasts");

function dismiss(toast) {
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 200);
}

/** Good news goes away by itself, unless it is being read; bad news stays. */
function arm(toast) {
  if (!toast.matches(".toast-success, .toast-info")) return;
  let timer = setTimeout(() => dismiss(toast), 8000);
  const hold = () => clearTimeout(timer);
  const release = () => {
    hold();
    timer = setTimeout(() => dismiss(toast), 4000);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${ICONS}#${name}`);
  svg.append(use);
  return svg;
}

/** `toast("Saved.")`, `toast("It was not sent.", "danger")` */
export function toast(text, tone = "success") {
  const note = document.createElement("div");
  note.className = `toast-note toast-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn-icon-plain";
  button.dataset.dismiss = "";
  button.setAttribute("aria-label", "Dismiss this message");
  button.append(icon("x"));
  note.append(icon(tone), words, button);
  region?.append(note);
  arm(note);
  return note;
}

all("[data-toast]").forEach(arm);

// Times: <time datetime="…" data-time="relative|short|long"> in the reader's own zone.

const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const long = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "long" });
const FORMATS = {
  short: new Intl.DateTimeFormat("en", { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }),
  long: new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }),
  clock: new Intl.DateTimeFormat("en", { hour: "numeric", minute: "2-digit" }),
  day: new Intl.DateTimeFormat("en", { dateStyle: "medium" }),
};

export function ago(moment, now = Date.now()) {
  const seconds = (moment - now) / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? [];
  return unit ? relative.format(Math.round(seconds / size), unit) : "just now";
}

export function tellTimes(root = document) {
  for (const time of all("time[datetime]", root)) {
    const written = time.getAttribute("datetime");
    // A date without a time belongs to no zone: it stays as the server wrote it.
    if (!written.includes("T")) continue;
    const moment = new Date(written);
    if (Number.isNaN(moment.getTime())) continue;
    const style = time.dataset.time ?? "relative";
    time.textContent = style === "relative" ? ago(moment) : (FORMATS[style] ?? FORMATS.long).format(moment);
    time.title = long.format(moment);
  }
}

tellTimes();
setInterval(tellTimes, 30_000);

// A running timer counts on from what the server said, whatever this device's clock shows.

const opened = Date.now();
const timers = all("[data-timer], [data-timer-words]");

function tick() {
  const since = Math.max(0, Math.floor((Date.now() - opened) / 1000));
  for (const timer of timers) {
    const minutes = Math.floor((Number(timer.dataset.timer ?? timer.dataset.timerWords) + since) / 60);
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    const words = [hours && `${hours} h`, (rest || !hours) && `${rest} min`].filter(Boolean).join(" ");
    timer.textContent = timer.dataset.timer ? `${hours}:${String(rest).padStart(2, "0")}` : words;
  }
}

if (timers.length) setInterval(tick, 5_000);

// Menus and drawers made of <details>

const openMenus = () => all("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    const panel = menu.querySelector(".drawer-panel");
    const besides = menu.contains(event.target) ? panel && !panel.contains(event.target) && !event.target.closest("summary") : true;
    if (besides) menu.open = false;
  }
  if (event.target.closest("[data-close-menu]")) event.target.closest("details")?.removeAttribute("open");
  const gone = event.target.closest("[data-dismiss]");
  if (gone) dismiss(gone.closest(".toast-note, .alert") ?? gone.parentElement);
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-back]")) {
    event.preventDefault();
    history.back();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      const within = menu.contains(document.activeElement);
      menu.open = false;
      if (within) menu.querySelector("summary")?.focus();
    }
  }
  const typing = event.target.matches?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});

// Things that need script are hidden until there is some

for (const thing of all("[data-close-menu], [data-reveal], [data-print], [data-copy]")) thing.hidden = false;
for (const thing of all("[data-back]")) thing.hidden = history.length < 2;

// Passwords to look at, texts to copy

document.addEventListener("click", async (event) => {
  const eye = event.target.closest("[data-reveal]");
  if (eye) {
    const field = document.getElementById(eye.dataset.reveal);
    const show = field.type === "password";
    field.type = show ? "text" : "password";
    eye.setAttribute("aria-pressed", String(show));
    eye.setAttribute("aria-label", show ? "Hide the password" : "Show the password");
    eye.querySelector("use")?.setAttribute("href", `${ICONS}#${show ? "eye-off" : "eye"}`);
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const source = copy.dataset.copy.startsWith("#") ? document.querySelector(copy.dataset.copy) : null;
    const text = source ? (source.value ?? source.textContent).trim() : copy.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
      toast("Copied.");
    } catch {
      toast("The browser does not allow copying here; select the text and copy it.", "warning");
    }
  }
});

// Forms

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  const question = button?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-no-busy") || form.target === "_blank") return;
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  form.dataset.busy = "true";
  form.setAttribute("aria-busy", "true");
  // After the browser has collected the fields, so that the button's own value is sent.
  setTimeout(() => {
    if (event.defaultPrevented) return rest(form);
    button?.classList.add("is-busy");
    button?.setAttribute("aria-disabled", "true");
  });
  // An answer that is a download leaves the page standing.
  setTimeout(() => rest(form), 15_000);
});

function rest(form) {
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  for (const button of all(".is-busy", form)) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-disabled");
  }
}

addEventListener("pageshow", (event) => {
  if (event.persisted) all("form[data-busy]").forEach(rest);
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-autosubmit]") || field.form?.matches("form[data-autosubmit]")) field.form.requestSubmit();
});

// Empty filters do not belong in an address.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// The first wrong field after a form came back
const wrong = document.querySelector("[aria-invalid=true]") ?? document.querySelector("[data-focus-first]");
wrong?.focus();

// The tab where we are is in sight
for (const tab of all(".tabs [aria-current]")) {
  const bar = tab.closest(".tabs");
  const over = tab.getBoundingClientRect().right - bar.getBoundingClientRect().right;
  if (over > -48) bar.scrollLeft += over + 56;
}

// Text areas grow with what is typed
for (const area of all("textarea[data-grow]")) {
  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  area.addEventListener("input", grow);
  grow();
}

// Drop zones

for (const zone of all("[data-drop-zone]")) {
  const input = zone.querySelector("input[type=file]");
  const words = zone.querySelector("[data-drop-text]");
  const first = words?.textContent;
  const tell = () => {
    const names = [...input.files].map((file) => file.name);
    zone.classList.toggle("has-files", names.length > 0);
    if (words) words.textContent = names.length ? names.join(", ") : first;
  };
  input.addEventListener("change", tell);
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
