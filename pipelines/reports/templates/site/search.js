const words = document.getElementById("words");
const found = document.getElementById("found");
const plain = (text) =>
  ` ${text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ")}`;
const own = (item) => {
  const link = item.querySelector("a");
  return { item, link, text: plain(`${link.textContent} ${item.dataset.words}`) };
};
const places = [...document.querySelectorAll(".places > li")].map((item) => ({
  ...own(item),
  details: item.querySelector("details"),
  inner: [...item.querySelectorAll("li")].map(own),
}));
let first;

const apply = () => {
  const asked = plain(words.value).split(" ").filter(Boolean);
  const has = ({ text }) => asked.every((word) => text.includes(` ${word}`));
  const hits = [];
  for (const place of places) {
    const inner = place.inner.filter(has);
    const whole = has(place);
    for (const each of place.inner) each.item.hidden = !whole && !inner.includes(each);
    place.item.hidden = !whole && inner.length === 0;
    if (place.details) place.details.open = asked.length > 0 && inner.length > 0;
    hits.push(...(whole ? [place] : []), ...inner);
  }
  first = asked.length > 0 ? hits[0]?.link : undefined;
  found.textContent = hits.length ? `${hits.length} found` : "Nothing found: try fewer or other words.";
  if (asked.length === 0) found.textContent = "";
};

const openTarget = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && target.querySelector("details");
  if (details) details.open = true;
};

words.addEventListener("input", apply);
words.form.addEventListener("submit", (event) => {
  event.preventDefault();
  first?.click();
});
addEventListener("hashchange", openTarget);
words.form.hidden = false;
apply();
openTarget();
