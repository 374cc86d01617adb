/**
 * The style sheet: one text, whose hash the content security policy names. Colours are custom
 * properties from the palette; the dark scheme applies on screens only, so print is always light.
 */
import type { Scheme } from './palette.ts';
import { dark, dashes, light } from './palette.ts';

const screen = `
*,*::before,*::after{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%;scroll-padding-top:4rem}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem;top:0;padding:.6rem 1rem;background:var(--page);z-index:9}
.skip:focus{left:0}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.frame{max-width:60rem;margin:0 auto;padding:0 1.25rem 4rem}
header{padding:2.5rem 0 1.25rem;border-bottom:2px solid var(--text)}
header p{margin:.25rem 0;color:var(--muted)}
.badge{display:inline-block;padding:.1rem .6rem;border:1px solid var(--rule);border-radius:1rem;font-size:.8125rem;color:var(--text);background:var(--panel)}
h1{font-size:clamp(1.5rem,4vw,2.125rem);line-height:1.2;letter-spacing:-.015em;margin:.5rem 0 .5rem;font-weight:680;text-wrap:balance}
h2{font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;margin:0 0 1rem;font-weight:660}
h3{font-size:1.0625rem;line-height:1.4;margin:0 0 .25rem;font-weight:620;text-wrap:pretty}
h3.next{margin-top:2rem}
section{padding-top:2.75rem}
section+section{margin-top:2.75rem;border-top:1px solid var(--rule)}
.note,.sub{color:var(--muted);font-size:.875rem}
.note{margin:0 0 .75rem;max-width:46rem}
.sub{display:block;line-height:1.35}
p,li{max-width:50rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.875em}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:.75rem 1rem;overflow:auto;max-height:32rem;margin:.5rem 0 1rem}
.contents{font-size:.875rem;margin:1rem 0 0}
.contents ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.15rem 1.1rem}
.contents a{display:inline-block;min-height:24px;color:var(--muted);text-decoration:none}
.contents a:hover{text-decoration:underline;color:var(--text)}
.controls{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:.4rem .5rem;padding:.6rem 0;background:var(--page);border-bottom:1px solid var(--rule);font-size:.875rem}
.controls[hidden]{display:none}
.controls .spacer{flex:1}
button{font:inherit;color:var(--text);background:var(--page);border:1px solid var(--rule);border-radius:6px;padding:.15rem .6rem;min-height:28px;min-width:28px;cursor:pointer;font-size:.8125rem}
button:hover{background:var(--panel)}
button[aria-pressed=true]{border-color:var(--text)}
button[aria-pressed=false]{color:var(--muted)}
.toggle{max-width:14rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.toggle[aria-pressed=false]{text-decoration:line-through}
.answer{display:flex;gap:1rem;align-items:baseline;margin:0 0 1.5rem;padding:1rem 1.25rem;background:var(--panel);border-left:6px solid var(--muted);border-radius:0 6px 6px 0}
.answer.holds{border-color:var(--holds)}.answer.fails{border-color:var(--fails)}.answer.inconclusive{border-color:var(--unsure)}
.answer p{margin:0;font-size:1.1875rem;line-height:1.45}
.verdict{font-weight:650;white-space:nowrap}
.holds>span,.verdict.holds{color:var(--holds)}.verdict.fails{color:var(--fails)}.verdict.inconclusive{color:var(--unsure)}.verdict.none{color:var(--muted)}
.answer>.verdict{font-size:1.1875rem}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem 2rem;margin:0 0 1.5rem}
.numbers>div{border-top:2px solid var(--text);padding-top:.4rem}
.numbers dt{font-size:.875rem;color:var(--muted)}
.numbers dd{margin:0;font-size:1.75rem;line-height:1.25;font-weight:640;letter-spacing:-.01em}
.numbers dd.note{font-size:.875rem;font-weight:400;letter-spacing:0;line-height:1.4}
.sentences{list-style:none;margin:1rem 0;padding:0}
.sentences li{display:grid;grid-template-columns:8.5rem 1fr;gap:.5rem;padding:.35rem 0;border-bottom:1px solid var(--grid);max-width:none}
.belief{margin:1rem 0}
.warnings{list-style:none;margin:1rem 0 0;padding:0}
.warnings li,.alert{border-left:4px solid var(--unsure);padding:.25rem .9rem;margin:.5rem 0;background:var(--panel);max-width:none}
.alert{border-color:var(--fails)}
figure{margin:0 0 2.25rem}
figure:last-child{margin-bottom:0}
.scroll{overflow-x:auto;max-width:100%}
.plot{padding:.25rem 0}
.drawing{display:block;width:100%;height:auto;min-width:44rem}
.panel{margin-top:.75rem}
.panel-title{margin:0;font-weight:620}
figure[data-view=table] .plot{display:none}
details{margin:.5rem 0}
.as-table{float:right;color:var(--muted)}
.data>.scroll{clear:both}
summary{cursor:pointer;min-height:24px;color:var(--muted);font-size:.9375rem;width:fit-content}
summary:hover{color:var(--text)}
table{border-collapse:collapse;width:100%;font-size:.875rem;line-height:1.4;overflow-wrap:normal}
caption{text-align:left;font-weight:620;padding:.75rem 0 .35rem}
th,td{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;border-bottom:1px solid var(--grid);font-weight:400}
tr>:last-child{padding-right:0}
thead th{color:var(--muted);font-size:.8125rem;border-bottom:1px solid var(--text);vertical-align:bottom}
tbody th{min-width:8rem}
.scroll+.scroll{margin-top:1rem}
.n{text-align:right}
td.n{white-space:nowrap}
.reason{display:inline-block;white-space:normal;min-width:10rem;max-width:22rem;color:var(--muted);overflow-wrap:anywhere}
.variants{margin:.25rem 0}
.variants td,.variants tbody th{vertical-align:middle}
.costs td .sub{font-size:.8125rem;white-space:normal}
.costs td{padding-left:.5rem}
.name{display:inline-flex;gap:.35rem;align-items:baseline;min-width:6rem}
.n .name{justify-content:flex-end}
.mark{flex:none}
.costs .value{display:block}
.constants tbody th{width:36%;min-width:13rem}
.constants td:last-child{width:40%;min-width:16rem}
.constants td,.constants .sub{overflow-wrap:anywhere}
.dense{font-size:.8125rem;width:auto}
.dense small{display:block;color:var(--muted);font-size:.75rem}
.tag{display:inline-block;font-size:.75rem;border:1px solid var(--rule);border-radius:4px;padding:0 .35rem}
.tag.overridden{border-color:var(--unsure);color:var(--unsure)}
.left-out{padding-left:1.1rem}
.facts{display:grid;gap:.25rem;margin:1rem 0;font-size:.875rem}
.facts>div{display:grid;grid-template-columns:8rem 1fr;gap:.5rem}
.facts dt{color:var(--muted)}
.facts dd{margin:0}
[data-off]{display:none!important}
.tip{position:fixed;z-index:8;max-width:20rem;padding:.35rem .6rem;background:var(--text);color:var(--page);border-radius:6px;font-size:.8125rem;line-height:1.4;pointer-events:none}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--rule);color:var(--muted);font-size:.8125rem}
@media (max-width:38rem){.controls{position:static}html{scroll-padding-top:1rem}.answer{display:block}.sentences li,.facts>div{grid-template-columns:1fr;gap:0}section{padding-top:2rem}}
`;

const drawing = `
svg text{fill:var(--text);font-size:12px}
.drawing .tick,.drawing .small{fill:var(--muted)}
.drawing .small{font-size:11px}
.drawing .strong{fill:var(--text);font-weight:620}
.drawing .axis-title{fill:var(--muted);font-size:12px}
.drawing .label{font-size:13px;font-weight:600}
.drawing .label-value{fill:var(--muted)}
.drawing .group{font-size:13px;font-weight:620}
.end{text-anchor:end}.middle{text-anchor:middle}
.halo{paint-order:stroke;stroke:var(--page);stroke-width:4px;stroke-linejoin:round}
.grid{stroke:var(--grid);fill:none}
.axis{stroke:var(--muted);fill:none}
.limit{stroke:var(--text);stroke-width:1.5;stroke-dasharray:6 4;fill:none}
.limit-label{font-weight:600}
.target{stroke:var(--text);fill:none}
.target.gate{stroke-dasharray:1 3}
.event{stroke:var(--muted);stroke-dasharray:2 3;fill:none}
.danger{fill:var(--text);opacity:.045}
.line{stroke:var(--c);stroke-width:2.25;fill:none;stroke-linejoin:round;stroke-dasharray:var(--d)}
.thin{stroke-width:1.5}
.band{fill:var(--c);opacity:.16}
.dot{fill:var(--c);stroke:var(--page);stroke-width:1}
.dot.hollow{fill:var(--page);stroke:var(--c);stroke-width:2}
.knee{fill:none;stroke:var(--c);stroke-width:1.5}
.hit{fill:transparent}
.whisker{stroke:var(--c);stroke-width:2;fill:none}.fine{stroke-width:1.25;opacity:.55}
.shared{--c:var(--text);--d:none}
.bar{fill:var(--c)}.arrow{fill:var(--c)}
.step,.leader{stroke:var(--muted);fill:none}
.leader{opacity:.6}
.outcome.holds{fill:var(--holds)}.outcome.fails{fill:var(--fails)}.outcome.inconclusive{fill:var(--unsure)}
.mark{vertical-align:-1px}
.spark{display:block;margin-left:auto}
`;

const print = `
@media print{
html{font-size:11px}.frame{max-width:none;padding:0}
.controls,.contents,.skip,.tip,button{display:none!important}
header{padding-top:0;padding-bottom:.75rem}section{padding-top:1.25rem}section+section{margin-top:1.25rem}
h2,h3{break-after:avoid}h2{margin-bottom:.6rem}
.answer{margin-bottom:.75rem;padding:.6rem .9rem}
.numbers{margin-bottom:.75rem;grid-template-columns:repeat(3,1fr)}
.sentences{margin:.5rem 0}.sentences li{padding:.2rem 0}
.reach{width:170px;height:auto}
.dense{font-size:.7rem}.dense small{font-size:.65rem}
.scroll,pre{overflow:visible;max-height:none}.drawing{min-width:0}
pre{white-space:pre-wrap}
figure,.panel,tr,.answer,.numbers{break-inside:avoid}
figure:has(.panel){break-inside:auto}
details::details-content{content-visibility:visible;display:block;height:auto}
summary{list-style:none}
}
`;

function schemeVariables(scheme: Scheme): string {
  const { series, ...named } = scheme;
  return [
    ...Object.entries(named).map(([name, colour]) => `--${name}:${colour}`),
    ...series.map((colour, i) => `--s${i}:${colour}`),
  ].join(';');
}

const series = dashes
  .map((dash, i) => `.s${i}{--c:var(--s${i});--d:${dash === '' ? 'none' : dash}}`)
  .join('');

const schemes = `
:root{${schemeVariables(light)}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${schemeVariables(dark)}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${schemeVariables(dark)}}:root[data-theme=light]{color-scheme:light}}
`;

/** The sheet; `footer` is printed at the foot of every page. */
export function styleSheet(footer: string): string {
  const safe = footer.replace(/[^\w .:/-]/g, '');
  const page = `@page{margin:14mm 13mm 16mm;@bottom-left{content:"${safe}";font:7pt sans-serif}@bottom-right{content:counter(page) " of " counter(pages);font:7pt sans-serif}}`;
  return [schemes, series, screen, drawing, print, page].join('').replaceAll('\n', '');
}
