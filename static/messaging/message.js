// Builds what templates/messaging/_message.html builds, from an event of the wire.

import { icon, tellTimes } from "../app.js";

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

export function initials(name) {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...word][0] ?? "").join("").toUpperCase();
}

function time(at, style) {
  const element = make("time");
  element.dateTime = at;
  element.dataset.time = style;
  return element;
}

/** What happened, in words; src/messaging/view.rs says the same. */
function noteWords({ kind, actor, person, body }) {
  const itself = !actor.id || actor.id === person?.id;
  if (kind === "joined") return itself ? `${person.name} joined` : `${actor.name} added ${person.name}`;
  if (kind === "left") return itself ? `${person.name} left` : `${actor.name} removed ${person.name}`;
  if (kind === "renamed") return `${actor.name} named it “${body}”`;
  return body ?? "";
}

export function note(event) {
  const item = make("li", "message-event", `${noteWords(event)} · `);
  item.id = `m${event.seq}`;
  item.dataset.seq = event.seq;
  item.append(time(event.at, "clock"));
  tellTimes(item);
  return item;
}

export function daySeparator(at) {
  const item = make("li", "day-separator");
  item.append(time(at, "day"));
  tellTimes(item);
  return item;
}

function quote(log, seq) {
  const link = make("a", "message-quote");
  link.href = `#m${seq}`;
  const to = log.querySelector(`#m${seq}`);
  const bubble = to && !to.matches(".is-deleted") ? to.querySelector(".bubble") : null;
  link.append(make("b", "", bubble ? to.dataset.name : "An earlier message"));
  if (bubble) link.append(` ${bubble.textContent.trim().slice(0, 120)}`);
  return link;
}

/** `event`: an event of kind message, or one's own that is still on its way (`seq` missing, plain `body`). */
export function message(event, { own, log, filesAt }) {
  const item = make("li", "message");
  item.classList.toggle("message-own", own);
  item.dataset.name = event.actor.name;
  if (event.actor.id) item.dataset.author = event.actor.id;
  const picture = make("span", "initials", initials(event.actor.name));
  picture.setAttribute("aria-hidden", "true");
  const body = make("div", "message-body");
  const meta = make("div", "message-meta");
  meta.append(make("b", "", event.actor.name), " ", time(event.at, "clock"));
  body.append(meta);
  if (event.reply_to) body.append(quote(log, event.reply_to));
  const bubble = make("div", "bubble rich");
  bubble.dir = "auto";
  body.append(bubble);
  if (event.files?.length) {
    const files = make("ul", "message-files");
    for (const file of event.files) {
      const link = make("a");
      link.href = `${filesAt}/${file.id}/download`;
      link.append(icon("paperclip"), file.name);
      const entry = make("li");
      entry.append(link);
      files.append(entry);
    }
    body.append(files);
  }
  if (own) body.append(make("div", "message-state"));
  item.append(picture, body);
  settle(item, event);
  say(item, event);
  return item;
}

/** Gives an item its number and time. */
export function settle(item, event) {
  if (event.seq) {
    item.id = `m${event.seq}`;
    item.dataset.seq = event.seq;
  }
  const when = item.querySelector("time");
  when.dateTime = event.at;
  tellTimes(item);
}

/** Puts the text in: the server's safe HTML, or plain text while it is on its way. */
export function say(item, event) {
  const bubble = item.querySelector(".bubble");
  if (event.withdrawn) return withdraw(item);
  if (event.body_html !== undefined) bubble.innerHTML = event.body_html;
  else {
    const plain = make("p", "is-plain", event.body);
    bubble.replaceChildren(plain);
  }
  item.source = event.body;
}

export function markEdited(item) {
  const meta = item.querySelector(".message-meta");
  if (!meta.querySelector(".message-edited")) meta.append(" ", make("span", "message-edited", "edited"));
}

export function withdraw(item) {
  item.classList.add("is-deleted");
  item.querySelector(".bubble").replaceChildren(make("p", "", "This message was deleted."));
  item.querySelector(".message-files")?.remove();
  item.querySelector(".message-tools")?.remove();
  item.source = undefined;
}

/** The text as it was typed. */
export function source(item) {
  return item.source ?? item.querySelector("template[data-source]")?.content.textContent ?? "";
}
