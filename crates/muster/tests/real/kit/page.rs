//! What a person finds on a page: by the words that stand there, not by how it is made.

/// Answers the element a person would click, if one is shown: `(name)`.
pub const CLICKABLE: &str = r"
const words = (e) => (e.ariaLabel ?? e.innerText ?? '').replace(/\s+/g, ' ').trim();
const shown = (e) => e.checkVisibility({ visibilityProperty: true });
const modal = document.querySelector('dialog:modal');
const scopes = modal ? [modal] : [...document.querySelectorAll('[popover]:popover-open'), document];
for (const scope of scopes) {
  const all = [...scope.querySelectorAll('a[href], button, summary, label.choice')];
  const found = all.find((e) => shown(e) && words(e) === arguments[0]);
  if (found) return found;
}
return null;
";

/// Answers the input that a label names, if it is shown: `(label)`.
pub const FIELD: &str = r"
const words = (e) => (e.innerText ?? '').replace(/\s+/g, ' ').trim();
const shown = (e) => e && e.checkVisibility({ visibilityProperty: true });
const scope = document.querySelector('dialog:modal') ?? document;
const labelled = [...scope.querySelectorAll('label')].filter((e) => words(e) === arguments[0]).map((e) => e.control);
const named = [...scope.querySelectorAll('input, textarea, select')].filter((e) => e.ariaLabel === arguments[0]);
return [...labelled, ...named].find(shown) ?? null;
";

/// Answers `[path, heading]` once the page is whole and Turbo rests, else null.
pub const WHERE: &str = r"
const busy = document.documentElement.ariaBusy === 'true' || document.readyState !== 'complete';
return busy ? null : [location.pathname + location.search, document.querySelector('h1')?.innerText ?? ''];
";

/// Answers all text that is shown; while a dialog is open, its text alone.
pub const TEXT: &str = r"
return (document.querySelector('dialog:modal') ?? document.body).innerText.replace(/\u00a0/g, ' ');
";

/// Answers whether nothing moves.
pub const RESTS: &str = r"
return document.getAnimations().every((animation) => animation.playState !== 'running');
";

/// Answers what sticks out of the window to the right, as selectors, if the page scrolls sideways.
pub const OVERFLOW: &str = r"
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth <= width) return [];
const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 0.5);
return out.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className} ${Math.round(e.getBoundingClientRect().right)} > ${width}`);
";
