// An upload form that shows how far it is. Without this script the form works all the same.

const form = document.querySelector("form[data-upload]");
const meter = form?.querySelector("[data-upload-meter]");
const trouble = form?.querySelector("[data-upload-error]");

function say(words) {
  meter.hidden = true;
  trouble.textContent = words;
  trouble.hidden = false;
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = false;
}

/** The first words of a problem document that help the person. */
function words(request) {
  try {
    const problem = JSON.parse(request.responseText);
    const fields = Object.values(problem.errors ?? {}).flat();
    return fields.length > 0 ? fields.join(" ") : [problem.detail, problem.next_step].filter(Boolean).join(" ");
  } catch {
    return "The upload failed. Nothing was saved; please try again.";
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  trouble.hidden = true;
  meter.hidden = false;
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
  const bar = meter.querySelector("progress");
  const share = meter.querySelector("[data-upload-share]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (at) => {
    if (!at.lengthComputable) return;
    const percent = Math.floor((at.loaded / at.total) * 100);
    bar.value = percent;
    share.textContent = `${percent} %`;
    if (percent === 100) meter.querySelector("[data-upload-words]").textContent = "Encrypting and saving…";
  });
  request.addEventListener("load", () => {
    const location = request.getResponseHeader("Location");
    if (request.status === 201 && location) window.location.assign(location);
    else if (request.status === 401) window.location.reload();
    else say(words(request));
  });
  request.addEventListener("error", () => say("The connection broke. Nothing was saved; please try again."));
  request.send(new FormData(form));
});
