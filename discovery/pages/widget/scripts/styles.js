// The widget's looks. Every colour and measure that a site may want to change is a custom property; lengths follow the
// reader's own letter size (em from `medium`), not the host's root.

export const CSS = `
:host { display: block !important; }
:host([hidden]) { display: none !important; }
.root {
  all: initial;
  --ink: var(--supplier-search-ink, #17212b);
  --quiet: var(--supplier-search-quiet, #536170);
  --line: var(--supplier-search-line, #dde3e9);
  --edge: var(--supplier-search-edge, #8593a1);
  --paper: var(--supplier-search-paper, #fff);
  --ground: var(--supplier-search-ground, #f5f7f9);
  --accent: var(--supplier-search-accent, #0b5c55);
  --strong: var(--supplier-search-accent-strong, #08443f);
  --soft: var(--supplier-search-accent-soft, #e3f1ef);
  --on-accent: var(--supplier-search-on-accent, #fff);
  --sea: var(--supplier-search-sea, #d6e6ef);
  --mark: var(--supplier-search-mark, #ffeeb0);
  --radius: var(--supplier-search-radius, 10px);
  --gap: 1em;
  display: block; box-sizing: border-box; container-type: inline-size; contain-intrinsic-inline-size: 60em;
  padding: var(--supplier-search-padding, 1em); border-radius: calc(var(--radius) + 4px);
  background: var(--ground); color: var(--ink); color-scheme: light;
  font: medium/1.5 system-ui, sans-serif; font-family: var(--supplier-search-font, inherit); font-size: var(--supplier-search-size, medium);
  overflow-wrap: break-word; -webkit-text-size-adjust: 100%;
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, h4, h5, h6, p, ul, ol, fieldset, legend { margin: 0; padding: 0; border: 0; min-width: 0; }
ul, ol { list-style: none; }
b, strong { font-weight: 600; }
small, .small { font-size: .875em; color: var(--quiet); }
a, .link { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: 1px; }
a:hover, .link:hover { color: var(--strong); text-decoration-thickness: 2px; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
abbr { font-weight: 600; text-decoration: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
[tabindex="-1"]:focus { outline: none; }
button, input { font: inherit; color: inherit; }
button { cursor: pointer; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.link { background: none; border: 0; padding: .25em 0; text-decoration-line: underline; }

.search { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .625em; align-items: end; }
.field { position: relative; }
.field label { display: block; font-size: .875em; font-weight: 600; margin-bottom: .25em; }
.field input { width: 100%; height: 2.875em; padding: 0 .75em; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--paper); }
.field input:focus-visible { outline-offset: 0; border-radius: var(--radius); }
::placeholder { color: var(--quiet); opacity: 1; }
.button { min-height: 2.875em; padding: 0 1.25em; border: 1px solid var(--accent); border-radius: var(--radius); background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none; display: inline-flex; align-items: center; justify-content: center; gap: .5em; }
.button:hover { background: var(--strong); color: var(--on-accent); }
.button.light { background: var(--paper); color: var(--accent); border-color: var(--edge); min-height: 2.5em; }
.button.light:hover { border-color: var(--accent); color: var(--strong); }
.completions { position: absolute; inset: calc(100% + 4px) 0 auto; z-index: 1100; max-height: 22em; overflow-y: auto; background: var(--paper); border: 1px solid var(--edge); border-radius: var(--radius); box-shadow: 0 8px 28px rgb(23 33 43 / 16%); padding: .375em; }
.completions .title { font-size: .8125em; color: var(--quiet); font-weight: 600; padding: .375em .625em .125em; }
.option { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75em; padding: .4375em .5em; border-radius: 6px; cursor: pointer; }
.option:hover { background: var(--ground); }
.option[aria-selected=true] { background: var(--soft); color: var(--strong); box-shadow: inset 3px 0 var(--accent); }
.option small { color: inherit; opacity: .85; }

.summary { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .375em 1em; margin-top: 1.125em; min-height: 2.25em; }
.total { font-size: 1.25em; font-weight: 650; line-height: 1.3; letter-spacing: -.01em; }
.views { display: inline-flex; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--paper); overflow: clip; }
.views button { border: 0; background: none; padding: .3125em .875em; color: var(--accent); }
.views button[aria-pressed=true] { background: var(--accent); color: var(--on-accent); font-weight: 600; }
.views button:focus-visible { outline-offset: -4px; outline-color: currentColor; }
.chips, .ways { display: flex; flex-wrap: wrap; align-items: center; gap: .375em; }
.chips { margin-top: .5em; }
.chip { display: inline-flex; align-items: center; min-height: 2em; max-width: 100%; padding-inline-start: .75em; border-radius: 99em; background: var(--soft); color: var(--strong); font-size: .9375em; line-height: 1.3; }
.chip button { flex: none; width: 1.75em; height: 1.75em; margin: .125em .1875em .125em .1875em; border: 0; border-radius: 99em; background: none; font-size: 1.0625em; line-height: 1; }
.chip button:hover { background: var(--accent); color: var(--on-accent); }
.note { margin-top: .625em; padding: .5em .875em; border-radius: var(--radius); background: var(--paper); border: 1px solid var(--line); border-inline-start: 4px solid var(--edge); font-size: .9375em; }
.ways { margin-top: .625em; }
.lead { color: var(--quiet); font-size: .9375em; margin-inline-end: .25em; }
.way { min-height: 2.125em; padding: .125em .875em; border: 1px solid var(--edge); border-radius: 99em; background: var(--paper); color: var(--accent); font-size: .9375em; text-align: start; }
.way:hover { border-color: var(--accent); color: var(--strong); }
.count { color: var(--quiet); font-variant-numeric: tabular-nums; margin-inline-start: .375em; }

.body { display: grid; gap: 1em; align-items: start; margin-top: 1em; }
.drawer { width: 100%; }
.facets { display: none; gap: 1em; }
.facets.open { display: grid; margin-top: .875em; }
legend { font-size: .9375em; font-weight: 600; margin-bottom: .1875em; }
.value { display: flex; align-items: baseline; gap: .5em; padding: .3125em 0; font-size: .9375em; line-height: 1.35; cursor: pointer; }
.value input { flex: none; width: 1.0625em; height: 1.0625em; margin: 0; accent-color: var(--accent); translate: 0 .125em; }
.value span:nth-of-type(1) { flex: 1; min-width: 0; }
.value:hover { color: var(--strong); }
summary { cursor: pointer; color: var(--accent); font-size: .9375em; padding: .25em 0; }

.results { display: grid; gap: .75em; transition: opacity .15s; }
[aria-busy=true] .results { opacity: .55; }
.card { position: relative; background: var(--paper); border: 1px solid var(--line); border-radius: var(--radius); padding: 1em 1.125em; }
.card:hover { border-color: var(--edge); }
.card:focus-within:has(a:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: start; gap: .25em .75em; }
.head > :first-child { flex: 1 1 12em; font-size: 1.0625em; font-weight: 650; line-height: 1.3; overflow-wrap: anywhere; }
.head a { text-decoration: none; }
.head a::after { content: ""; position: absolute; inset: 0; }
.head a:hover { text-decoration: underline; }
.head a:focus-visible { outline: none; }
.kind { max-width: 100%; padding: .125em .5em; border-radius: 6px; font-size: .8125em; line-height: 1.4; background: var(--ground); color: var(--ink); }
.kind.insertion { background: var(--supplier-search-insertion-soft, #fdf1de); color: var(--supplier-search-insertion, #7a4300); }
.kind.handicap { background: var(--supplier-search-handicap-soft, #e8eefb); color: var(--supplier-search-handicap, #24478a); }
.where { color: var(--quiet); margin-top: .125em; }
.where strong { color: var(--ink); margin-inline-start: .5em; }
.where small { margin-inline-start: .5em; }
.why { display: flex; flex-wrap: wrap; gap: 0 1.125em; margin-top: .375em; color: var(--accent); font-size: .9375em; }
.why li { display: flex; gap: .375em; }
.why li::before { content: "✓" / ""; font-weight: 700; }
.why :is(.inferred, .to_check) { color: var(--quiet); }
.why .inferred::before { content: "≈" / ""; }
.why .to_check::before { content: "?" / ""; }
.extract { margin-top: .5em; max-width: 44em; overflow-wrap: anywhere; }
.tags { display: flex; flex-wrap: wrap; gap: .375em; margin-top: .75em; font-size: .875em; }
.tags li { background: var(--ground); border: 1px solid transparent; border-radius: 6px; padding: .0625em .5em; color: var(--quiet); }
.tags .matched { background: var(--soft); color: var(--strong); font-weight: 600; }
.tags .trust { background: none; border-color: var(--line); color: var(--ink); }
.further { display: flex; justify-content: center; margin-top: 1em; }
.foot { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25em 1em; margin-top: 1.125em; padding-top: .75em; border-top: 1px solid var(--line); font-size: .9375em; }

.panel { background: var(--paper); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.125em 1.25em; display: grid; gap: .5em; }
.trouble { border-inline-start: 4px solid var(--supplier-search-danger, #a12a16); }
.ghost { height: 8.5em; background: linear-gradient(var(--line) 0 0) 1.25em 1.375em / 38% .875em, linear-gradient(var(--line) 0 0) 1.25em 3.25em / 22% .625em, linear-gradient(var(--line) 0 0) 1.25em 5em / 72% .625em, var(--paper); background-repeat: no-repeat; }

.map { position: relative; height: var(--supplier-search-map-height, 26em); border: 1px solid var(--line); border-radius: var(--radius); overflow: clip; isolation: isolate; background: var(--sea); }
.canvas { position: absolute; inset: 0; font-size: 1em; font-family: inherit; background: transparent; }
.canvas:focus-visible { outline-offset: -3px; }
.zoom { position: absolute; inset: .625em .625em auto auto; z-index: 1000; display: grid; gap: 1px; border: 1px solid var(--edge); border-radius: var(--radius); overflow: clip; background: var(--edge); }
.zoom button { width: 2.25em; height: 2.25em; border: 0; background: var(--paper); color: var(--accent); font-size: 1.125em; line-height: 1; }
.zoom button:focus-visible { outline-offset: -4px; }
.pin { pointer-events: auto; position: absolute; translate: -50% -50%; display: grid; place-items: center; border: 2px solid var(--paper); border-radius: 99em; background: var(--accent); color: var(--on-accent); font-weight: 600; font-size: .875em; line-height: 1; padding: 0; box-shadow: 0 1px 4px rgb(23 33 43 / 45%); font-variant-numeric: tabular-nums; }
.pin:hover { background: var(--strong); }
.pin[aria-pressed=true] { background: var(--ink); }
.pin.one { width: max(24px, 1.5em); height: max(24px, 1.5em); }
.map + p { margin-top: .375em; }
.detail { margin-top: .75em; }

@container (min-width: 44em) {
  .body.with-facets { grid-template-columns: 15em minmax(0, 1fr); gap: 1.5em; }
  .drawer { display: none; }
  .facets, .facets.open { display: grid; margin: 0; }
}
@container (max-width: 24em) {
  .search { grid-template-columns: minmax(0, 1fr); }
  .kind span { display: none; }
  .head > :first-child { flex-basis: 8em; }
}
@media (prefers-reduced-motion: no-preference) {
  .card, .button, .way, .option { transition: background-color .12s, border-color .12s; }
}
@media (prefers-reduced-motion: reduce) { .results { transition: none; } }
@media (forced-colors: active) { .option[aria-selected=true], .views button[aria-pressed=true] { outline: 2px solid Highlight; outline-offset: -2px; } }
@media print { .search, .drawer, .facets, .views, .further { display: none !important; } }
`;
