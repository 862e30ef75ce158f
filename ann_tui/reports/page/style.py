"""The style of a page."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6676; --paper: #ffffff; --rule: #d5dbe3; --fill: #f3f5f8;
  --warn: #8a4b00; --a: #1f5fbf; --b: #c2500a; --c: #1b7f4b; --d: #8a3ab9; --e: #a3282f; --f: #0b7285;
  --rgb: 31 95 191; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ee; --soft: #9aa6b5; --paper: #14181f; --rule: #333c49; --fill: #1d232c; --warn: #f0b35e;
    --a: #7db0ff; --b: #ff9f5a; --c: #6fd39b; --d: #cf9bf0; --e: #ff8a8f; --f: #6fcfe0; --rgb: 90 140 230; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .5rem; padding-top: .6rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 1.4rem 0 .3rem; }
p, ul { margin: .5rem 0; max-width: 48rem; overflow-wrap: anywhere; }
.verdict { font-size: 1.15rem; border-left: 4px solid var(--a); padding: .4rem .9rem; background: var(--fill); }
.warns { color: var(--warn); }
nav { margin: 1rem 0; font-size: .9rem; } a { color: var(--a); }
.table { overflow-x: auto; margin: .7rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .2rem; }
th, td { text-align: left; vertical-align: top; padding: .22rem .8rem .22rem 0; border-bottom: 1px solid var(--rule);
  overflow-wrap: break-word; max-width: 26rem; }
th { color: var(--soft); font-weight: 600; }
.figure { text-align: right; } .whole { white-space: nowrap; }
.shaded td, .shaded th { padding: .3rem .6rem; }
.shaded td { background: rgb(var(--rgb) / calc(var(--share, 0) * .5)); }
figure { margin: 1rem 0; break-inside: avoid; } figcaption { color: var(--soft); font-size: .9rem; max-width: 48rem; }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .note { fill: var(--soft); font-size: 10px; paint-order: stroke;
  stroke: var(--paper); stroke-width: 3px; }
svg.wide { max-width: 46rem; } svg.square { max-width: 26rem; } svg.key { display: inline; width: 28px; height: 10px; }
.grid { stroke: var(--rule); stroke-width: .6; } .link { stroke: var(--soft); stroke-width: .35; }
.mark { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
.level { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 8 3; }
.unit { fill: var(--a); } .unit.still { fill: var(--paper); stroke: var(--a); stroke-width: 1.2; }
.series { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .dots { fill-opacity: .45; }
.series.a { stroke: var(--a); } .series.b { stroke: var(--b); stroke-dasharray: 6 3; }
.series.c { stroke: var(--c); stroke-dasharray: 2 2; } .series.d { stroke: var(--d); stroke-dasharray: 9 3 2 3; }
.series.e { stroke: var(--e); stroke-dasharray: 12 4; } .series.f { stroke: var(--f); stroke-dasharray: 1 3; }
.series.rest { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
.dots.a { fill: var(--a); } .dots.b { fill: var(--b); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .88rem; margin: .2rem 0; }
pre { background: var(--fill); padding: .8rem; overflow-x: auto; font-size: .8rem; line-height: 1.4; }
@media print {
  :root { --ink: #000; --soft: #444; --paper: #fff; --rule: #bbb; --fill: #f4f4f4; --warn: #5a3000;
    --a: #1f5fbf; --b: #c2500a; --c: #1b7f4b; --d: #8a3ab9; --e: #a3282f; --f: #0b7285; --rgb: 31 95 191; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; } nav { display: none; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; } pre { white-space: pre-wrap; overflow: visible; }
  .table { overflow: visible; } * { print-color-adjust: exact; } }
"""
