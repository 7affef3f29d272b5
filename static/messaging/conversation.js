// A conversation that is alive: what is typed shows at once and stays until the server has it on disk, whatever happens between.

import { icon, tellTimes, toast } from "../app.js";
import { Link } from "./link.js";
import { daySeparator, markEdited, message, note, say, settle, source, withdraw } from "./message.js";

const CONTINUED = 5 * 60_000;

function start(section) {
  const { conversation, me, myName } = section.dataset;
  const log = section.querySelector(".conversation-log");
  const banner = section.querySelector(".conversation-banner");
  const jump = section.querySelector(".conversation-jump");
  const typing = section.querySelector(".conversation-typing");
  const form = section.querySelector(".composer");
  const area = form.elements.body;
  const about = form.querySelector(".composer-about");
  const fileList = form.querySelector(".composer-files");
  const filesAt = section.dataset.files;
  let readSeq = Number(section.dataset.read); // told
  let keptSeq = readSeq; // and on the server's disk
  let mode = null; // { edit: seq } or { reply: seq }
  let files = []; // uploaded, not sent yet

  // Scrolling: stay where the reader is; at the end, stay at the end.

  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const toEnd = () => {
    log.scrollTop = log.scrollHeight;
    jump.hidden = true;
  };
  const marker = log.querySelector("[data-new-marker]");
  const named = location.hash && log.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
  if (named) named.scrollIntoView({ block: "center" });
  else if (marker) log.scrollTop = marker.offsetTop - log.offsetTop - 24;
  else toEnd();
  jump.addEventListener("click", toEnd);
  log.addEventListener("scroll", () => {
    if (isAtEnd()) jump.hidden = true;
    tellRead();
  });

  function add(item, at, { end = false } = {}) {
    const stay = isAtEnd() || end;
    log.querySelector(".conversation-empty")?.remove();
    const waiting = item.matches(".is-waiting, .is-failed") ? null : log.querySelector(".is-waiting, .is-failed");
    const before = waiting ? waiting.previousElementSibling : log.lastElementChild;
    const last = before?.querySelector?.("time[datetime]");
    const day = new Date(at).toDateString();
    if (!last || new Date(last.dateTime).toDateString() !== day) log.insertBefore(daySeparator(at), waiting);
    else if (
      item.matches(".message") &&
      before.matches(".message") &&
      before.dataset.author === item.dataset.author &&
      new Date(at) - new Date(last.dateTime) < CONTINUED
    )
      item.classList.add("is-continued");
    log.insertBefore(item, waiting);
    if (stay) toEnd();
    else if (item.matches(".message")) jump.hidden = false;
  }

  // What waits to be acknowledged survives a reload: kept by the tab until the server has it.

  const store = `one-legal.waiting.${conversation}.${me}`;
  const waiting = new Map();
  const keep = () => {
    const acts = [...waiting.values()].filter(({ failed }) => !failed).map(({ act }) => act);
    try {
      if (acts.length) sessionStorage.setItem(store, JSON.stringify(acts));
      else sessionStorage.removeItem(store);
    } catch {
      // Without storage a reload forgets it; the banner has said that it was not sent.
    }
    tellState();
  };

  function show(act) {
    const at = new Date().toISOString();
    const event = { ...act, seq: undefined, at, actor: { id: me, name: myName }, files: act.files };
    const item = message(event, { own: true, log, filesAt });
    item.classList.add("is-waiting");
    item.querySelector(".message-state").textContent = "Sending…";
    add(item, at, { end: true });
    return item;
  }

  function send(act) {
    const item = act.type === "send" ? show(act) : log.querySelector(`#m${act.seq}`);
    waiting.set(act.client_id, { act, item, since: Date.now() });
    keep();
    if (link.live) link.act(wire(act));
  }

  /** What goes over the wire; the names of files are for this page. */
  const wire = ({ files, ...act }) => (files?.length ? { ...act, attachments: files.map((file) => file.id) } : act);

  const past = "past" in section.dataset;
  const link = past ? null : new Link(conversation, Number(section.dataset.head));

  // The banner tells the truth, but not of every hiccup.

  let bannerTimer;
  function tellState() {
    clearTimeout(bannerTimer);
    const count = [...waiting.values()].filter(({ failed }) => !failed).length;
    const words = count ? `${count} waiting to be sent` : "";
    let text = "";
    if (link.over) return;
    if (!link.live) text = words ? `Reconnecting… ${words}` : "Reconnecting…";
    else if (count) text = words;
    if (!text) banner.hidden = true;
    else if (!banner.hidden) banner.textContent = text;
    else
      bannerTimer = setTimeout(() => {
        banner.textContent = text;
        banner.hidden = false;
      }, 1200);
  }

  function end(why) {
    clearTimeout(bannerTimer);
    banner.classList.add("is-bad");
    banner.hidden = false;
    banner.textContent =
      why === "signed-out" ? "You are signed out. What you typed is kept in this tab. " : "You no longer take part in this conversation.";
    if (why === "signed-out") {
      const again = document.createElement("a");
      again.href = location.href;
      again.textContent = "Sign in again";
      banner.append(again);
    } else form.hidden = true;
  }

  // Events

  function take(event) {
    if (event.kind === "message") return takeMessage(event);
    const target = event.target && log.querySelector(`#m${event.target}`);
    if (event.kind === "edited") {
      if (target && !target.matches(".is-deleted")) {
        say(target, event);
        markEdited(target);
      }
      acked(event.client_id);
    } else if (event.kind === "deleted") {
      if (target) withdraw(target);
      acked(event.client_id);
    } else if (event.kind === "read") {
      const person = section.querySelector(`[data-person="${event.actor.id}"]`);
      if (person) person.dataset.personRead = event.target;
      if (event.actor.id === me) keptSeq = readSeq = Math.max(readSeq, event.target);
      tellReaders();
    } else {
      add(note(event), event.at);
    }
  }

  function takeMessage(event) {
    const own = event.actor.id === me;
    const mine = own && waiting.get(event.client_id);
    if (mine) {
      // It stands there already: it only gets its number, its time and its form.
      mine.item.classList.remove("is-waiting", "is-failed");
      settle(mine.item, event);
      say(mine.item, event);
      waiting.delete(event.client_id);
      keep();
      tools(mine.item);
    } else {
      const item = message(event, { own, log, filesAt });
      tools(item);
      add(item, event.at);
      typists.delete(event.actor.id);
      tellTyping();
    }
    tellReaders();
    tellRead();
  }

  function acked(clientId) {
    if (waiting.delete(clientId)) keep();
  }

  function refused({ client_id, code, detail, retry_after_ms }) {
    const entry = waiting.get(client_id);
    if (!entry) return;
    if (code === "rate_limited" || code === "storage_unavailable" || code === "internal") {
      setTimeout(() => waiting.has(client_id) && link.live && link.act(wire(entry.act)), retry_after_ms ?? 2000);
      return;
    }
    waiting.delete(client_id);
    if (entry.act.type === "send") {
      entry.item.classList.replace("is-waiting", "is-failed");
      entry.item.querySelector(".message-state").textContent = `Not sent: ${detail} Its text is back in the box below.`;
      if (!area.value) area.value = entry.act.body;
    } else toast(detail, "danger");
    keep();
  }

  // Receipts

  function tellRead() {
    if (!link?.live || document.visibilityState !== "visible" || !isAtEnd()) return;
    const last = [...log.querySelectorAll(".message[data-seq]:not(.message-own)")].at(-1);
    const seq = Number(last?.dataset.seq ?? 0);
    if (seq <= readSeq) return;
    readSeq = seq;
    clearTimeout(tellRead.timer);
    tellRead.timer = setTimeout(() => link.read(readSeq), 400);
  }

  function tellReaders() {
    const own = [...log.querySelectorAll(".message-own[data-seq]")];
    const last = own.at(-1);
    for (const item of own) if (item !== last) item.querySelector(".message-state").textContent = "";
    if (!last) return;
    const others = [...section.querySelectorAll("[data-person]")];
    const readers = others.filter((person) => Number(person.dataset.personRead) >= Number(last.dataset.seq));
    const names = readers.map((person) => person.textContent);
    let words = "Sent";
    if (readers.length > 1 && readers.length === others.length) words = "Read by everybody";
    else if (readers.length > 2) words = `Read by ${readers.length}`;
    else if (readers.length) words = `Read by ${names.join(" and ")}`;
    last.querySelector(".message-state").textContent = words;
  }

  // Typing and presence

  const typists = new Map();
  function tellTyping() {
    const names = [...typists.values()].map(({ name }) => name);
    typing.textContent = names.length ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} typing…` : "";
  }
  function takeTyping({ person }) {
    clearTimeout(typists.get(person.id)?.timer);
    const timer = setTimeout(() => {
      typists.delete(person.id);
      tellTyping();
    }, 4000);
    typists.set(person.id, { name: person.name, timer });
    tellTyping();
  }
  function takePresence({ person, state }) {
    const element = section.querySelector(`[data-person="${person.id}"]`);
    element?.classList.toggle("is-here", state === "online");
    if (element) element.title = state === "online" ? "Here now" : "";
  }

  // The composer

  function setMode(next, words) {
    mode = next;
    about.hidden = !next;
    about.replaceChildren();
    if (!next) return;
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "btn btn-sm btn-link";
    cancel.textContent = "Cancel";
    cancel.addEventListener("click", () => {
      if (mode?.edit) area.value = "";
      setMode(null);
      area.focus();
    });
    about.append(words, cancel);
    area.focus();
  }

  function submit() {
    const body = area.value;
    if (!body.trim() && !files.length) return;
    const client_id = crypto.randomUUID?.() ?? uuid();
    if (mode?.edit) send({ type: "edit", client_id, seq: mode.edit, body });
    else {
      const act = { type: "send", client_id, body, files };
      if (mode?.reply) act.reply_to = mode.reply;
      send(act);
    }
    area.value = "";
    files = [];
    showFiles();
    setMode(null);
    area.dispatchEvent(new Event("input"));
    area.focus();
  }

  /** Where the page is not on https, browsers have no randomUUID. */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  if (link) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        submit();
      } else if (event.key === "Escape" && mode) about.querySelector("button")?.click();
    });
    let typedAt = 0;
    area.addEventListener("input", () => {
      if (!area.value || Date.now() - typedAt < 2000) return;
      typedAt = Date.now();
      link.hint({ type: "typing" });
    });
  }

  // Files go up at once, and nobody else knows of them; the message that is sent then names them.

  function showFiles() {
    fileList.hidden = !files.length;
    fileList.replaceChildren(
      ...files.map((file) => {
        const entry = document.createElement("li");
        entry.className = "file-chip";
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "btn-icon-plain";
        remove.setAttribute("aria-label", `Do not send ${file.name}`);
        remove.append(icon("x"));
        remove.addEventListener("click", () => {
          files = files.filter((other) => other !== file);
          showFiles();
          area.focus();
          takeAway(file);
        });
        entry.append(icon("paperclip"), file.name, remove);
        return entry;
      }),
    );
  }

  /** What was not sent goes from the server too; where that fails, it goes there by itself within a day. */
  const takeAway = (file) =>
    fetch(`/api/v1/conversations/${conversation}/attachments/${file.id}`, { method: "DELETE", headers: { accept: "application/json" } }).catch(() => {});

  async function upload(chosen) {
    if (!chosen.length) return;
    const data = new FormData();
    for (const file of chosen) data.append("file", file);
    banner.textContent = "Uploading…";
    banner.hidden = false;
    try {
      const answer = await fetch(`/api/v1/conversations/${conversation}/attachments`, {
        method: "POST",
        headers: { accept: "application/json" },
        body: data,
      });
      const body = await answer.json();
      if (answer.ok) files = [...files, ...body.files];
      else toast(body.detail, "danger");
    } catch {
      toast("The file did not go up. Please try again.", "danger");
    }
    banner.hidden = true;
    showFiles();
    tellState();
    area.focus();
  }

  if (link) {
    const input = form.elements.file;
    input.addEventListener("change", () => {
      const chosen = [...input.files];
      input.value = "";
      upload(chosen);
    });
    area.addEventListener("paste", (event) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (pasted.length) {
        event.preventDefault();
        upload(pasted);
      }
    });
  }

  // Reply, edit, delete

  function tool(name, label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn-icon-plain";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.append(icon(name));
    button.addEventListener("click", act);
    return button;
  }

  function tools(item) {
    if (!link || !item.matches(".message[data-seq]:not(.is-deleted)") || item.querySelector(".message-tools")) return;
    const seq = Number(item.dataset.seq);
    const bar = document.createElement("span");
    bar.className = "message-tools";
    bar.append(tool("arrow-back-up", "Reply", () => setMode({ reply: seq }, `Answering ${item.dataset.name} `)));
    if (item.matches(".message-own")) {
      bar.append(
        tool("pencil", "Edit", () => {
          area.value = source(item);
          setMode({ edit: seq }, "Changing your message ");
          area.dispatchEvent(new Event("input"));
        }),
        tool("trash", "Delete", () => {
          if (confirm("Delete this message for everybody?")) send({ type: "delete", client_id: crypto.randomUUID?.() ?? uuid(), seq });
        }),
      );
    }
    item.querySelector(".message-body").append(bar);
  }

  // Earlier messages, without losing the place

  log.addEventListener("click", async (event) => {
    const more = event.target.closest("[data-earlier]");
    if (!more || past) return;
    event.preventDefault();
    const holder = more.closest("li");
    const first = log.querySelector("[data-seq]");
    more.classList.add("is-busy");
    try {
      const answer = await fetch(`/api/v1/conversations/${conversation}/events?before=${first.dataset.seq}&limit=50`, {
        headers: { accept: "application/json" },
      });
      const { events, changes, more: further } = await answer.json();
      const bottom = log.scrollHeight - log.scrollTop;
      let last;
      for (const event of events) {
        const item = event.kind === "message" ? message(event, { own: event.actor.id === me, log, filesAt }) : note(event);
        const day = new Date(event.at).toDateString();
        if (day !== last) log.insertBefore(daySeparator(event.at), first.previousElementSibling?.matches(".day-separator") ? first.previousElementSibling : first);
        last = day;
        log.insertBefore(item, first.previousElementSibling?.matches(".day-separator") ? first.previousElementSibling : first);
        tools(item);
      }
      for (const change of changes) if (change.kind === "edited") take(change);
      if (!further) holder.remove();
      log.scrollTop = log.scrollHeight - bottom;
    } catch {
      location.href = more.href;
    }
    more.classList.remove("is-busy");
  });

  tellTimes(log);
  if (!link) {
    form.hidden = true;
    return;
  }
  link.addEventListener("state", tellState);
  link.addEventListener("live", () => {
    for (const { act, failed } of waiting.values()) if (!failed) link.act(wire(act));
    // What was told just before the line broke may be lost.
    readSeq = keptSeq;
    tellRead();
  });
  link.addEventListener("event", ({ detail }) => take(detail));
  link.addEventListener("ack", ({ detail }) => {
    const entry = waiting.get(detail.client_id);
    // The event itself brings number and form; where it came first, this is already done.
    if (entry && entry.act.type === "send") entry.item.querySelector(".message-state").textContent = "Sent";
    else acked(detail.client_id);
  });
  link.addEventListener("nack", ({ detail }) => refused(detail));
  link.addEventListener("typing", ({ detail }) => takeTyping(detail));
  link.addEventListener("presence", ({ detail }) => takePresence(detail));
  link.addEventListener("over", ({ detail }) => end(detail));
  document.addEventListener("visibilitychange", tellRead);
  addEventListener("focus", tellRead);
  addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });

  for (const item of log.querySelectorAll(".message")) tools(item);
  try {
    for (const act of JSON.parse(sessionStorage.getItem(store) ?? "[]")) send(act);
  } catch {
    sessionStorage.removeItem(store);
  }
  tellState();
}

document.querySelectorAll("section.conversation[data-conversation]").forEach(start);
