const name = document.querySelector("h1").textContent;
const rows = JSON.parse(document.getElementById("rows").textContent).map(([area, cells]) => ({ name, area, cells }));
const show = () => draw(rows, "area");
load("vega.js").then(() => {
  document.getElementById("picture").hidden = false;
  chosen.addEventListener("change", show);
  return show();
});
