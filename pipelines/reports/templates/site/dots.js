// Draws rows {name, area, cells} as dots by one measure, which is chosen above the picture; the highest comes first, by
// the first row of each name.
// `cells` are texts, numbers of the measures, and 1 where the row is weak.
const measures = JSON.parse(document.getElementById("measures").textContent);
const told = JSON.parse(document.getElementById("told").textContent);
const chosen = document.getElementById("measure");
for (const { title } of measures) chosen.add(new Option(title));

const wrapped = (text, width) => {
  const at = text.length > width ? text.lastIndexOf(" ", width) : -1;
  return at < 1 ? text : `${text.slice(0, at)}\n${text.slice(at + 1)}`;
};

const draw = async (rows, byRow) => {
  const number = Math.max(0, chosen.selectedIndex);
  const place = document.getElementById("chart");
  const width = innerWidth < 640 ? 18 : 34;
  const rank = new Map();
  const values = rows.map(({ name, area, cells: [texts, numbers, weak] }) => {
    const row = wrapped(byRow === "name" ? name : area, width);
    const value = numbers[number];
    if (!rank.has(row)) rank.set(row, value ?? -1);
    return { name, area, row, value, weak, ...Object.fromEntries(told.map((column, i) => [column, texts[i]])) };
  });
  values.sort((one, other) => rank.get(other.row) - rank.get(one.row));
  const chart = structuredClone(measures[number].chart);
  chart.data = { values };
  const dots = chart.layer[1];
  const areas = [...new Set(rows.map(({ area }) => area))];
  for (const channel of ["color", "shape"]) {
    if (byRow === "area") delete dots.encoding[channel];
    else dots.encoding[channel].scale.domain = areas;
  }
  const quiet = { disableDefaultStyle: true };
  await vegaEmbed(place, chart, { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: quiet });
};
