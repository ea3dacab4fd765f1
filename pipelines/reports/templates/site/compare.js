const made = (tag, text, attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

const selects = ["first", "second"].map((id) => document.getElementById(id));

const fill = (areas) => {
  for (const select of selects) {
    let group;
    for (const [id, [title, , state]] of Object.entries(areas)) {
      if (group?.label !== state) {
        group = document.createElement("optgroup");
        group.label = state;
        select.append(group);
      }
      group.append(new Option(title, id));
    }
  }
};

const cell = (row, column) => {
  const [texts, , weak] = row ?? [[], [], 0];
  const element = made("td", texts[column] ?? "none");
  if (weak && column === 0) element.append(made("span", " †", { class: "mark", title: "weak, see below the table" }));
  return element;
};

const line = (name, pair, number) => {
  const row = document.createElement("tr");
  row.append(made("th", name, { scope: "row" }));
  for (const [, , , figures] of pair) told.forEach((_, column) => row.append(cell(figures[number], column)));
  return row;
};

const showTable = (clusters, pair) => {
  const groups = document.createElement("tr");
  groups.append(made("td", ""));
  const heads = document.createElement("tr");
  heads.append(made("th", "Cluster", { scope: "col" }));
  for (const [title, target] of pair) {
    const head = made("th", "", { scope: "colgroup", colspan: told.length });
    head.append(made("a", title, { href: target }));
    groups.append(head);
    for (const heading of headings) heads.append(made("th", heading, { scope: "col" }));
  }
  const table = document.getElementById("compared");
  table.tHead.replaceChildren(groups, heads);
  table.tBodies[0].replaceChildren(...clusters.map((name, i) => line(name, pair, i + 1)));
  table.tFoot.replaceChildren(line("All jobs, as published", pair, 0));
  table.caption.textContent = `Clusters of ${pair[0][0]} and of ${pair[1][0]}`;
  const hint = document.createElement("span");
  hint.className = "hint";
  hint.ariaHidden = "true";
  hint.textContent = "Move the figures sideways to see both areas →";
  table.caption.append(hint);
};

const headings = JSON.parse(document.getElementById("headings").textContent);

const show = () => {
  const { clusters, areas } = window.lmiAreas;
  const pair = selects.map((select) => areas[select.value]);
  history.replaceState(null, "", `#${selects.map((select) => select.value).join(",")}`);
  showTable(clusters, pair);
  const rows = pair.flatMap(([area, , , figures]) =>
    clusters.flatMap((name, i) => (figures[i + 1] ? [{ name, area, cells: figures[i + 1] }] : [])),
  );
  return draw(rows, "name");
};

Promise.all([load("areas.js"), load("vega.js")]).then(() => {
  const { areas } = window.lmiAreas;
  fill(areas);
  const ids = Object.keys(areas);
  const asked = decodeURIComponent(location.hash.slice(1)).split(",").filter((id) => id in areas);
  // without a second area a state stands beside the nation, an area beside its state
  const stateOf = (id) => ids.find((each) => areas[each][0] === areas[id][2]);
  const first = asked[0] ?? ids[Math.min(1, ids.length - 1)];
  const second = asked[1] ?? (stateOf(first) === first ? ids[0] : stateOf(first));
  [first, second].forEach((id, i) => (selects[i].value = id));
  for (const control of [...selects, chosen]) control.addEventListener("change", show);
  document.getElementById("comparison").hidden = false;
  return show();
});
