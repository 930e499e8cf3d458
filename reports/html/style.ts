/** The page's style sheet. Contrast of text is at least 4.5 on both grounds; no file and no font is loaded. */
export const STYLE = `
:root{color-scheme:light dark;--bg:light-dark(#fbfbfa,#15181c);--card:light-dark(#fff,#1c2026);--ink:light-dark(#1d2329,#e4e7ea);--dim:light-dark(#57616b,#a3adb7);--line:light-dark(#dcdfe2,#343a42);--soft:light-dark(#f1f2f3,#23282f);--ok:light-dark(#1a6b3c,#6cc58f);--bad:light-dark(#b3261e,#ff8f85);--badbg:light-dark(#fdeceb,#3a1f1f);--known:light-dark(#7a5200,#e2b45c);--link:light-dark(#0b57a4,#82b7f0);--focus:light-dark(#0b57a4,#82b7f0);
--h0:light-dark(#4a7fb5,#5f96cc);--h1:light-dark(#5f9e8f,#6fb3a3);--h2:light-dark(#8a76b0,#a08cc8);--h3:light-dark(#b08a4a,#c9a25f);--h4:light-dark(#5b8c4f,#78ab6b);--h5:light-dark(#a3708a,#c08aa5);--h6:light-dark(#6d7f8f,#8b9dad);--h7:light-dark(#4f9aa8,#66b4c2)}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%}
main,header.top{max-width:66rem;margin:0 auto;padding:0 1.25rem}
header.top{display:flex;justify-content:space-between;align-items:center;padding-top:1.25rem;color:var(--dim);font-size:.875rem}
code,.hex,.name,pre,.cmd{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-variant-ligatures:none}
h1{font-size:1.75rem;line-height:1.2;margin:1.25rem 0 .35rem;letter-spacing:-.015em}
h2{font-size:1.125rem;margin:2.25rem 0 .5rem;overflow-wrap:anywhere}
h3{font-size:.8125rem;margin:1.75rem 0 .4rem;color:var(--dim);font-weight:600;letter-spacing:.02em}
.dim,.facts{color:var(--dim)}
.facts{margin:.2rem 0;font-size:.9375rem;overflow-wrap:anywhere}
.bad{color:var(--bad)}.good{color:var(--ok)}.open{color:var(--known)}.facts strong{color:var(--ink)}
button,input{font:inherit;color:inherit}
button{cursor:pointer;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.3rem .7rem}
button:hover{border-color:var(--dim)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
a{color:var(--link)}
.failing{margin:.75rem 0 0;padding-left:1.1rem;font-size:.9375rem;overflow-wrap:anywhere}.failing li::marker{color:var(--bad)}
:target{background:var(--soft)}
.failing+.facts{margin-top:1.5rem}
.bar{display:block;width:100%;height:.625rem;margin:.6rem 0 1.1rem;border-radius:.3125rem;background:var(--soft)}
.f-passed{fill:var(--ok)}.f-bad{fill:var(--bad)}.f-known{fill:var(--known)}.f-warn{fill:var(--known);fill-opacity:.6}.f-left{fill:var(--line)}
.tools{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;padding:.75rem 0;margin-top:1rem;background:var(--bg);border-bottom:1px solid var(--line)}
.tools input{flex:1 1 12rem;min-width:0;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.4rem .75rem}
.tools input::placeholder{color:var(--dim);opacity:1}
.tools button[aria-pressed=true]{background:var(--ink);color:var(--bg);border-color:var(--ink)}
.filters{display:flex;flex-wrap:wrap;gap:.375rem}
.count{font-size:.875rem;color:var(--dim);white-space:nowrap}
ul.rules{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:.625rem;background:var(--card);overflow:hidden}
ul.rules>li{padding:.45rem .9rem;border-top:1px solid var(--line);display:grid;grid-template-columns:7.25rem 18.5rem minmax(0,1fr) auto;gap:.1rem .75rem;align-items:baseline;scroll-margin-top:4.5rem}
ul.rules>li:first-child{border-top:0}
li[hidden],section[hidden]{display:none!important}
.o{font-size:.8125rem;font-weight:600;white-space:nowrap}
.o::before{display:inline-block;width:1.25em;font-weight:700}
.passed>.o{color:var(--ok)}.passed>.o::before{content:"\\2713"}
.failed>.o,.broken>.o,.unexpected-pass>.o{color:var(--bad)}.failed>.o::before,.unexpected-pass>.o::before{content:"\\2717"}.broken>.o::before{content:"!"}
.expected-failure>.o,.warning>.o,.inconclusive>.o{color:var(--known)}.expected-failure>.o::before{content:"~"}.warning>.o::before{content:"!"}.inconclusive>.o::before{content:"?"}
.not-run>.o,.not-applicable>.o{color:var(--dim);font-weight:500}.not-run>.o::before,.not-applicable>.o::before{content:"\\2013"}
.id{overflow-wrap:anywhere;font-size:.9375rem}
.n{font-size:.8125rem;color:var(--dim);white-space:nowrap;font-variant-numeric:tabular-nums}
.s,.why,.more{margin:0;font-size:.9375rem;overflow-wrap:anywhere}
li>.n{order:1}.s{grid-column:3}.why{grid-column:3/-1;order:2}.more{grid-column:2/-1;order:3;margin:.4rem 0}
.s,.why{color:var(--dim)}
.failed>.why,.broken>.why,.unexpected-pass>.why{color:var(--ink)}
.more .s{margin:.4rem 0}
summary{cursor:pointer;color:var(--link);font-size:.9375rem;width:fit-content;border-radius:.25rem}
.failure{border-left:3px solid var(--bad);padding:.1rem 0 .1rem .9rem;margin:.75rem 0}
.expected-failure .failure,.warning .failure{border-color:var(--known)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem .9rem;margin:.3rem 0;font-size:.9375rem}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
.cmd{display:block;background:var(--soft);border-radius:.375rem;padding:.4rem .65rem;margin:.5rem 0 0;font-size:.8125rem;overflow-wrap:anywhere;white-space:pre-wrap}
figure{margin:.75rem 0}
figcaption{font-size:.8125rem;color:var(--dim);margin-bottom:.3rem}
.record{display:flex;gap:.75rem;align-items:baseline;padding:.15rem 0}
.record .title{flex:0 0 8.75rem;font-size:.8125rem;color:var(--dim)}
.fields{display:flex;flex-wrap:wrap;gap:.25rem;min-width:0}
.field{display:inline-flex;flex-direction:column;padding:.15rem .45rem;border-radius:.375rem;background:var(--soft);cursor:default;max-width:100%}
.field:hover,.field:focus{background:light-dark(#e2e9f1,#2d3947)}
.hex{font-size:.8125rem;overflow-wrap:anywhere}
.name{font-size:.6875rem;color:var(--dim)}
.field.hit{background:var(--badbg);box-shadow:inset 0 0 0 1.5px var(--bad)}
.field.hit .name,.field.hit .hex{color:var(--bad);font-weight:600}
.field-text{margin:.35rem 0 0;font-size:.875rem;min-height:1.5em;overflow-wrap:anywhere;border-top:1px dashed var(--line);padding-top:.35rem}
.scroll{overflow-x:auto;border-radius:.375rem}
.map svg{display:block;width:100%;min-width:32rem;height:auto}
.map text{font-size:11px;fill:var(--dim);font-family:inherit}.map text.lane{fill:var(--ink);font-size:12px}
.bed{fill:var(--soft)}
.link{opacity:.16}.piece,.range{stroke:var(--card);stroke-width:1}
.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}.h5{fill:var(--h5)}.h6{fill:var(--h6)}.h7{fill:var(--h7)}
.shared{fill:var(--bad);fill-opacity:.9;stroke:var(--bad);stroke-width:2}
.overlaps{color:var(--bad);margin:.4rem 0;padding-left:1.1rem;font-size:.9375rem}
.meters{display:grid;grid-template-columns:max-content minmax(4rem,1fr) max-content;gap:.35rem .9rem;align-items:center;font-size:.9375rem}
.meters svg{width:100%;height:.5rem;background:var(--soft);border-radius:.25rem;display:block}.meters rect{fill:var(--h0)}
.meters .n{text-align:right}
.missed{columns:16rem;font-size:.875rem;color:var(--dim);padding-left:1.1rem;overflow-wrap:anywhere}
.by-profile table{border-collapse:collapse;font-size:.875rem;margin:.25rem 0 .5rem}
.by-profile th{font-weight:400;text-align:left;padding:.2rem 1.25rem .2rem 0;white-space:nowrap}
.by-profile thead th{color:var(--dim);font-size:.8125rem}
.by-profile td{padding:.2rem 1.25rem .2rem 0;border-top:1px solid var(--line);white-space:nowrap}
.by-profile tbody th{border-top:1px solid var(--line)}
.by-profile a.o{text-decoration:none}.by-profile a.o:hover{text-decoration:underline}
footer{max-width:66rem;margin:3rem auto 2rem;padding:0 1.25rem;color:var(--dim);font-size:.8125rem;overflow-wrap:anywhere}
@media(max-width:58rem){ul.rules>li{grid-template-columns:7.25rem minmax(0,1fr) auto}.s,.why,.more{grid-column:2/-1;order:2}li>.n{order:0}}
@media(max-width:40rem){body{font-size:15px}h1{font-size:1.4rem}main,header.top,footer{padding-left:.9rem;padding-right:.9rem}
.tools{position:static}
ul.rules>li{grid-template-columns:minmax(0,1fr) auto;padding:.55rem .75rem}.o{grid-column:1}li>.n{grid-column:2;grid-row:1;text-align:right}.id,.s,.why,.more{grid-column:1/-1;order:2}
.record{flex-direction:column;gap:.1rem}.record .title{flex:none}
.failure{padding-left:.65rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.3rem}
.meters{grid-template-columns:minmax(0,1fr) max-content}.meters svg{grid-column:1/-1;grid-row:auto}.meters .n{grid-column:2}}
@media print{.tools,header.top button{display:none}body{background:#fff}}
`.trim();
