// A click on an announcement marks it read; opened by itself, it is read when it is shown. Without script its title is a button.

const post = (address) => fetch(address, { method: "POST", headers: { accept: "application/json" } });

/** One less beside the menu. */
function countDown() {
  for (const link of document.querySelectorAll('.side-link[href="/portal/announcements"] .side-count')) {
    const left = Number.parseInt(link.firstChild.textContent, 10) - 1;
    if (left > 0) link.firstChild.textContent = String(left);
    else link.remove();
  }
}

for (const card of document.querySelectorAll("[data-unread-announcement]")) {
  const read = async (event) => {
    if (event.target.closest("a")) return;
    event.preventDefault();
    card.removeEventListener("click", read);
    const answer = await post(card.dataset.unreadAnnouncement).catch(() => null);
    if (!answer?.ok) {
      card.addEventListener("click", read);
      return;
    }
    card.classList.remove("is-unread");
    card.querySelector(".announcement-new")?.remove();
    const form = card.querySelector(".announcement-head form");
    const title = form.querySelector("h2");
    const link = document.createElement("a");
    link.href = form.action;
    link.textContent = title.textContent;
    const had = form.contains(document.activeElement);
    title.replaceChildren(link);
    form.replaceWith(title);
    if (had) link.focus();
    countDown();
  };
  card.addEventListener("click", read);
}

const form = document.querySelector("[data-mark-read]");
if (form) {
  const answer = await post(form.dataset.markRead).catch(() => null);
  if (answer?.ok) {
    form.remove();
    countDown();
  }
}
