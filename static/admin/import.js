// A CSV file is read here and put into the text area; the form sends the text.
const box = document.querySelector("[data-csv-file]");
const area = document.getElementById("csv");
if (box && area) {
  box.hidden = false;
  box.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) area.value = await file.text();
  });
}
