// Keeps how far the person has read on the server: every few seconds, at the end, and when the page is left.
// Without this script the page offers to read part by part.

const bar = document.querySelector("[data-reading]");
const text = document.querySelector("[data-text]");

if (bar && text) {
  const meter = bar.querySelector("[data-reading-meter]");
  const words = bar.querySelector("[data-reading-words]");
  const trouble = bar.querySelector("[data-reading-trouble]");
  const resume = bar.querySelector("[data-reading-resume]");
  const goOn = document.querySelector("[data-continue]");
  const notice = document.querySelector("[data-until-end]");
  const seconds = new Map(Object.entries(JSON.parse(bar.dataset.seconds || "{}")));
  const seen = new Set();
  let furthest = Number(bar.dataset.furthest) || 0;
  let atEnd = bar.dataset.atEnd === "true";
  let sent = "";
  let busy = false;

  const show = () => {
    meter.value = furthest;
    words.textContent = `${Math.floor(furthest / 10)} %`;
    if (!atEnd) return;
    if (resume) resume.hidden = true;
    if (notice) notice.hidden = true;
    if (goOn && !goOn.hasAttribute("data-locked")) goOn.disabled = false;
  };

  const say = (sentence) => {
    trouble.textContent = sentence;
    trouble.hidden = sentence === "";
  };

  const look = () => {
    const box = text.getBoundingClientRect();
    if (box.height <= 0) return;
    const read = Math.floor(((innerHeight - box.top) / box.height) * 1000);
    // The last point counts only when the end itself was on the screen.
    furthest = Math.max(furthest, Math.min(read, 999));
    show();
  };

  const report = async (leaving = false) => {
    const body = JSON.stringify({ document_sha256: bar.dataset.sha256, furthest, parts: Object.fromEntries(seconds) });
    if (body === sent || (busy && !leaving)) return;
    busy = true;
    try {
      const answer = await fetch(bar.dataset.to, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body,
        keepalive: true,
      });
      if (answer.ok) {
        sent = body;
        const known = await answer.json();
        furthest = Math.max(furthest, known.furthest);
        atEnd = atEnd || known.at_end;
        say("");
        show();
      } else if (answer.status === 401) {
        say("Your session has ended. Sign in again and go on: what you have read so far is kept.");
      } else if (answer.status === 409) {
        say("This document has changed. Open it again to read the new version.");
      } else {
        say("Your progress could not be saved just now; it is tried again.");
      }
    } catch {
      say("No connection: your progress is saved when it is back.");
    } finally {
      busy = false;
    }
  };

  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) seen.add(entry.target.dataset.part);
      else seen.delete(entry.target.dataset.part);
    }
  });
  for (const part of text.querySelectorAll("[data-part]")) watch.observe(part);

  new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    furthest = 1000;
    show();
    report();
  }).observe(document.querySelector("[data-end-of-text]"));

  setInterval(() => {
    if (document.hidden) return;
    for (const part of seen) seconds.set(part, (seconds.get(part) || 0) + 1);
  }, 1000);
  setInterval(() => report(), 4000);
  addEventListener("scroll", look, { passive: true });
  document.addEventListener("visibilitychange", () => document.hidden && report(true));
  addEventListener("pagehide", () => report(true));

  if (resume && furthest > 50 && !atEnd) {
    resume.hidden = false;
    resume.addEventListener("click", () => {
      const box = text.getBoundingClientRect();
      scrollTo({ top: scrollY + box.top + (box.height * furthest) / 1000 - innerHeight + 120 });
      resume.hidden = true;
    });
  }
  look();
  show();
}
