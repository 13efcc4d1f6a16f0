/** Style of the sheet that is handed over: one column on a phone, two from there on, a sheet of A4 for each member on paper. */
export const HANDOVER_STYLE = `
*{box-sizing:border-box;margin:0}
html{color:#000;background:#fff;font:16px/1.45 system-ui,sans-serif}
body{max-width:46rem;margin:0 auto;padding:1rem}
article{padding:1rem 0 2rem;border-bottom:1px solid #888}
article:last-child{border:0}
header{margin-bottom:1.5rem}
.number{color:#333}
h1{font-size:2rem;line-height:1.15;overflow-wrap:anywhere}
h2{font-size:1rem;margin-top:.75rem}
section{display:grid;gap:1rem;margin-bottom:1.5rem}
.print{display:grid;grid-template-columns:repeat(4,max-content);gap:0 1.5ch;margin-bottom:.5rem;font:600 1.15rem/1.5 ui-monospace,monospace}
.address{font:600 1.05rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
figure{text-align:center}
svg{display:block;width:100%;max-width:15rem;margin:0 auto}
footer li{margin:.25rem 0}
footer ul{padding-left:1.2rem}
@media (min-width:36rem),print{section{grid-template-columns:1fr 15rem}}
@media print{
@page{size:A4;margin:18mm}
body{max-width:none;padding:0}
article{border:0;padding:0;break-after:page;break-inside:avoid}
article:last-child{break-after:auto}
section{grid-template-columns:1fr 60mm}
svg{max-width:60mm}
}
`;
