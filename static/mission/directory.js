// Searches while one types; without script the form is sent.

const form = document.querySelector("[data-live-search]");
const people = document.getElementById("people");
let timer;
let asked = 0;

async function search() {
  const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  asked += 1;
  const mine = asked;
  const answer = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("people");
  if (!found || mine !== asked) return;
  people.replaceChildren(...found.childNodes);
  history.replaceState(null, "", address);
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, 200);
});
