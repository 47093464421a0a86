// Parts of a page that scripts make, in the design's own classes, and the words that came with the page.
const given = (id) => JSON.parse(document.getElementById(id).textContent);
const words = { ...given("scan-words"), ...given("upload-words") };
let last = 0;

// A sentence with what is given put in its braces; numbers as the reader writes them.
export function text(name, given = {}) {
  const put = (value) => (typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : value);
  return words[name].replace(/\{(\w+)\}/g, (_, key) => put(given[key] ?? ""));
}
text.words = words;

// An element; what comes from a file is only ever text in it.
export function part(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made && key !== "role") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const choice = (kind, type, name, label, attributes) => {
  const id = `found-${(last += 1)}`;
  return part("div", { className: `nhsuk-${kind}__item` },
    part("input", { className: `nhsuk-${kind}__input`, type, id, name, ...attributes }),
    part("label", { className: `nhsuk-label nhsuk-${kind}__label`, htmlFor: id }, label));
};

const group = (legend, ...children) => part("div", { className: "nhsuk-form-group" },
  part("fieldset", { className: "nhsuk-fieldset" },
    part("legend", { className: "nhsuk-fieldset__legend nhsuk-fieldset__legend--m" }, legend), ...children));

// A question with answers by their words' names; `answered` is told which. Nothing is chosen beforehand.
export function radios(legend, answers, answered, note) {
  const name = `answer-${(last += 1)}`;
  const one = (value) => choice("radios", "radio", name, text(value), { onchange: () => answered(value) });
  return group(legend, note, part("div", { className: "nhsuk-radios" }, ...answers.map(one)));
}

// Boxes, ticked where `checked`; `changed` is told the number of a box and whether it is on.
export function ticks(legend, labels, changed, checked = true) {
  const one = (label, number) => {
    const onchange = ({ target }) => changed(number, target.checked);
    return choice("checkboxes", "checkbox", `series-${number}`, label, { checked, onchange });
  };
  return group(legend, part("div", { className: "nhsuk-checkboxes" }, ...labels.map(one)));
}

export const details = (summary, ...children) => part("details", { className: "nhsuk-details" },
  part("summary", { className: "nhsuk-details__summary" }, part("span", { className: "nhsuk-details__summary-text" }, summary)),
  part("div", { className: "nhsuk-details__text" }, ...children));
