// Shows name, colours and welcome in the preview while they are typed. The server corrects the contrast when it saves.
const preview = document.querySelector("[data-preview]");
const field = (name) => document.getElementById(name);

function channel(c) {
  const s = c / 255;
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
}

function contrastToWhite([r, g, b]) {
  const light = 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  return 1.05 / (light + 0.05);
}

function tell() {
  const name = field("portal_name").value.trim() || "…";
  preview.querySelector("[data-preview-name]").textContent = name;
  preview.querySelector("[data-preview-letter]").textContent = name[0];
  preview.querySelector("[data-preview-welcome]").textContent = field("welcome_text").value;
  const hex = field("primary_color").value;
  let rgb = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const typed = contrastToWhite(rgb);
  while (contrastToWhite(rgb) < 4.5) rgb = rgb.map((c) => Math.trunc((c * 94) / 100));
  preview.style.setProperty("--brand", `rgb(${rgb.join(",")})`);
  preview.style.setProperty("--accent", field("accent_color").value);
  const note = document.querySelector("[data-contrast]");
  if (note) {
    note.textContent =
      typed >= 4.5
        ? `White text on it has a contrast of ${typed.toFixed(1)}:1, which is enough (4.5:1).`
        : `White text on it would have a contrast of ${typed.toFixed(1)}:1, which is hard to read; the portal uses a darker shade.`;
  }
}

for (const name of ["portal_name", "primary_color", "accent_color", "welcome_text"]) field(name)?.addEventListener("input", tell);
